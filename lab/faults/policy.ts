import { ORDER, type Carrier } from './call-mix';

/** Times of the policy in milliseconds. */
export const FIRST_RESPONSE = 1000;
export const RING_TIMEOUT = 8000;

/** Carriers of the mix fail all the time and must not become held. */
const NEVER_SICK = 'health: { trip: { consecutive: 1000, or: 100% of 9999 in 1s } }';
const SICK = 'health: { trip: { consecutive: 5 }, cooldown: 2s }';

interface Variant {
  /** The order of the trunks; default a, b, c. */
  readonly order?: readonly Carrier[];
  /** Trunks that fail are held, for two seconds at first. */
  readonly holds?: boolean;
  /** Lines added to `routes`, in front. */
  readonly routes?: string;
}

/** The policy of the suite; `owed.ts` knows what it owes a call. */
export function faultPolicy({ order = ORDER, holds = false, routes = '' }: Variant = {}): string {
  const trunk = (name: Carrier) => `  ${name}:
    dial: { asterisk: "PJSIP/{number}@${name}", freeswitch: "sofia/gateway/${name}/{number}" }
    ${holds ? SICK : NEVER_SICK}
    first_response: ${FIRST_RESPONSE}ms
    ring_timeout: ${RING_TIMEOUT}ms`;
  const trunks = `trunks: [${order.join(', ')}]`;
  // The time of a failure is unknown before the attempt, so these calls are not planned.
  const asks = `rules: [{ when: { sip: 503, time: "Mo-Su 00:00-12:00" }, do: { retry: next-trunk } }]`;
  return `version: 1
timezone: Etc/UTC
emergency: []
trunks:
${ORDER.map(trunk).join('\n')}
routes:
${routes}  - { digits: "4*", ${trunks}, ${asks} }
  - { digits: "6*", ${trunks}, mailbox: "1001@default" }
  - { digits: "*", ${trunks} }
rules:
  - { when: { class: codec-mismatch }, do: { relay: true } }
  - { when: { sip: 503 }, do: { retry: next-trunk } }
  - { when: { class: trunk-timeout }, do: { retry: next-trunk } }
  - { when: { class: busy }, do: { voicemail: true } }
`;
}
