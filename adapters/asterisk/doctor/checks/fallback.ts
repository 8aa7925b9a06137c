import type { Found } from '../../../../src/doctor/found';
import { dialledIn, reachedFrom, type Dialplan } from '../dialplan';
import { ariOf, type AsteriskSeen } from '../seen';
import { dialplanOf } from '../written-dialplan';

const FALLBACK = 'crankback-fallback';

/** The static way out. */
export function fallback(seen: AsteriskSeen): readonly Found[] {
  const dialplan = dialplanSeen(seen);
  const takes = (number: string) => takesNumber(seen, FALLBACK, number);
  const lacking = seen.wanted.numbers.filter((number) => takes(number) === false);
  if (dialplan && !dialplan.has(FALLBACK)) return [MISSING];
  if (!dialplan && lacking.length > 0 && lacking.length === seen.wanted.numbers.length)
    return [MISSING];
  return [
    ...lacking.map((number) => ({
      finding: 'CB3113' as const,
      what: `[${FALLBACK}] takes no ${number}`,
      change: `exten => _X.,1,Dial(…) in [${FALLBACK}]`,
    })),
    ...(dialplan ? wayOf(seen, dialplan, FALLBACK, 'CB3112') : []),
  ];
}

const MISSING: Found = {
  finding: 'CB3111',
  what: `there is no [${FALLBACK}]`,
  change: `[${FALLBACK}] with the Dial() lines of today`,
};

/** The loaded dialplan, or that of the files. */
export function dialplanSeen({ command, files }: AsteriskSeen): Dialplan | undefined {
  return command?.loaded ?? (files?.extensions && dialplanOf(files.extensions.lines));
}

/** Whether a context has steps for a number, by Asterisk’s own matching; undefined: nobody was asked. */
export function takesNumber(
  seen: AsteriskSeen,
  context: string,
  number: string,
): boolean | undefined {
  return (
    seen.command?.takes.get(`${context},${number}`) ??
    ariOf(seen)?.exists.get(`${context},${number},1`)
  );
}

/** What holds of both ways that never need crankback: where they lead, whom they dial, their `h`. */
export function wayOf(
  seen: AsteriskSeen,
  dialplan: Dialplan,
  name: string,
  leadsBack: 'CB3112' | 'CB3115',
): readonly Found[] {
  const reached = reachedFrom(dialplan, name);
  const found: Found[] = [];
  const back = [...reached].find((one) => one === 'crankback' || one === 'crankback-failed');
  if (back !== undefined)
    found.push({
      finding: leadsBack,
      what: `[${name}] leads to [${back}]`,
      change: `dial in [${name}] itself`,
    });
  const endpoints = ariOf(seen)?.endpoints;
  const users = [...reached].flatMap((one) =>
    one === name || !one.startsWith('crankback') ? (dialplan.get(one)?.steps ?? []) : [],
  );
  for (const step of users) {
    for (const endpoint of dialledIn(step)) {
      if (endpoints?.has(endpoint) && endpoints.get(endpoint) === undefined)
        found.push({
          finding: 'CB3116',
          what: `${step.where} dials PJSIP endpoint ${endpoint}, which Asterisk does not know`,
        });
    }
  }
  const steps = dialplan.get(name)?.steps ?? [];
  if (
    steps.length > 0 &&
    !steps.some(({ extension, does }) => extension === 'h' && /crankback-hangup/.test(does))
  )
    found.push({
      finding: 'CB3118',
      what: `[${name}] has no h extension that goes to crankback-hangup`,
      change: 'exten => h,1,Goto(crankback-hangup,s,1)',
    });
  return found;
}

/** Endpoints that both ways dial, for the probe to ask for. */
export function dialledByUsers(dialplan: Dialplan): readonly string[] {
  const names = ['crankback-fallback', 'crankback-emergency'].flatMap((name) => [
    ...reachedFrom(dialplan, name),
  ]);
  const steps = names.flatMap((name) => dialplan.get(name)?.steps ?? []);
  return [...new Set(steps.flatMap(dialledIn))];
}
