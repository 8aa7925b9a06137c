import type { Treated } from './treated';
import type { FinalStatus, Refusal } from '../decision/decision';
import { isNeeds, needs, type Fact, type Needs } from '../facts';
import type { FoundRule } from '../rules/find-rule';
import type { Treatment } from '../policy-data';
import { redirect } from './redirect';
import { finalStatus } from './relay';
import { gone, retry } from './retry';
import type { DecisionContext } from '../decision/context';
import { voicemail } from './voicemail';

/** The outcome of a treatment, why it is refused, or the facts needed to tell. */
export function treat(
  treatment: Treatment,
  context: DecisionContext,
  source: FoundRule['source'],
): Treated | Refusal | Needs {
  switch (treatment.kind) {
    case 'retry':
      return retry(treatment, context, source);
    case 'redirect':
      return redirect(treatment, context);
    case 'voicemail': {
      const answer = voicemail(treatment, context);
      return typeof answer === 'string' || isNeeds(answer) ? answer : { outcome: answer };
    }
    case 'announce': {
      const refused = gone(context);
      if (refused !== undefined) return refused;
      const status = trueStatus(context);
      if (isNeeds(status)) return status;
      const { play, answer } = treatment;
      return { outcome: { kind: 'announce', play, answer, ...status } };
    }
    case 'relay': {
      const status = treatment.as ?? trueStatus(context);
      return isNeeds(status) ? status : { outcome: { kind: 'relay', ...status } };
    }
  }
}

/** Facts that a relay depends on; the history only if the trunk was at fault. */
const RELAYED = ['class', 'fault', 'sip', 'attempt'] as const satisfies readonly Fact[];

/** The caller's status if the hunt ends here. */
export function trueStatus({
  policy,
  hunt,
  failure,
  unknown,
}: DecisionContext): FinalStatus | Needs {
  const open = RELAYED.filter((fact) => unknown.has(fact));
  const historyMatters = unknown.has('fault') || failure.fault === 'trunk';
  const asked = open.filter((fact) => fact !== 'attempt' || historyMatters);
  if (asked.length > 0) return needs(asked);
  return { sip: towardsCaller(policy.relay503As, finalStatus(failure, hunt.attempts)) };
}

/** RFC 3261 16.7 step 6: a proxy must not pass a 503 on; some callers are proxies. */
export function towardsCaller(relay503As: number | undefined, sip: number): number {
  return sip === 503 ? (relay503As ?? sip) : sip;
}
