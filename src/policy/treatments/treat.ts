import type { Reservation } from '../../trunks/trunk-store';
import type { FinalStatus, Outcome, Refusal } from '../decision';
import { isNeeds, needs, type Fact, type Needs } from '../facts';
import type { FoundRule } from '../rules/match';
import type { Treatment } from '../policy';
import { redirect } from './redirect';
import { finalStatus } from './relay';
import { gone, retry } from './retry';
import type { Situation } from '../situation';
import { voicemail } from './voicemail';

/** What a treatment comes to. */
export interface Treated {
  readonly outcome: Outcome;
  readonly reserve?: Reservation;
}

/** The outcome of a treatment, why it is refused, or what must be known to tell. */
export function treat(
  treatment: Treatment,
  situation: Situation,
  source: FoundRule['source'],
): Treated | Refusal | Needs {
  switch (treatment.kind) {
    case 'retry':
      return retry(treatment, situation, source);
    case 'redirect':
      return redirect(treatment, situation);
    case 'voicemail': {
      const answer = voicemail(treatment, situation);
      return typeof answer === 'string' || isNeeds(answer) ? answer : { outcome: answer };
    }
    case 'announce': {
      const refused = gone(situation);
      if (refused !== undefined) return refused;
      const status = trueStatus(situation);
      if (isNeeds(status)) return status;
      const { play, answer } = treatment;
      return { outcome: { kind: 'announce', play, answer, ...status } };
    }
    case 'relay': {
      const status = treatment.as ?? trueStatus(situation);
      return isNeeds(status) ? status : { outcome: { kind: 'relay', ...status } };
    }
  }
}

/** What a relay looks at; the history as well where the trunk was at fault. */
const RELAYED = ['class', 'fault', 'sip', 'attempt'] as const satisfies readonly Fact[];

/** What the caller gets when the hunt ends here. */
export function trueStatus({ policy, hunt, failure, unknown }: Situation): FinalStatus | Needs {
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
