import { DIGIT_OF } from './modes';

/** Carriers fail all the time here and must not become held. */
const HEALTH = 'health: { trip: { consecutive: 1000, or: 100% of 9999 in 1s } }';

/**
 * A policy that sends calls from carrier-a to carrier-c; with a single trunk nothing is left to try. No
 * call reaches the other trunks. The static fallback dials carrier-b, to distinguish it from a decision.
 */
export function benchPolicy(trunks: number): string {
  const others = Array.from(
    { length: Math.max(0, trunks - 2) },
    (_, index) => `other-${index + 1}`,
  );
  const names = ['carrier-a', ...(trunks > 1 ? ['carrier-c'] : []), ...others];
  const order = trunks > 1 ? '[carrier-a, carrier-c]' : '[carrier-a]';
  const dial = (name: string) =>
    `dial: { asterisk: "PJSIP/{number}@${name}", freeswitch: "sofia/gateway/${name}/{number}" }`;
  // The time of a failure is unknown before the attempt, so these calls cannot be planned.
  const asks = `rules: [{ when: { sip: [480, 500, 503], time: "Mo-Fr 08:00-18:00" }, do: { retry: next-trunk } }]`;
  // Who calls is unknown before the call, so how these begin cannot travel.
  const asksFirst = 'from: "*"';
  return `version: 1
travel: on
timezone: Etc/UTC
emergency: [112]
trunks:
${names.map((name) => `  ${name}: { ${dial(name)}, ${HEALTH} }`).join('\n')}
routes:
${others.map((name, index) => `  - { digits: "+${100 + index}*", trunks: [${name}, carrier-a] }`).join('\n')}
  - { digits: "${DIGIT_OF.ask}*", ${asksFirst}, trunks: ${order}, ${asks} }
  - { digits: "${DIGIT_OF.plan}*", ${asksFirst}, trunks: ${order} }
  - { digits: "*", trunks: ${order} }
rules:
  - { when: { sip: [480, 500, 503] }, do: { retry: next-trunk } }
`;
}
