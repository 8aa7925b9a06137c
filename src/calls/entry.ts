import type { DecisionRecord } from '../records/journal';
import type { Failure } from '../model/failure';
import type { Decision, Outcome } from '../policy/decision';
import type { Decided } from './deciding';
import type { Handover } from './ports';

/** A decision as the journal keeps it. */
export function entryOf(
  handover: Handover,
  decision: Decision,
  about: {
    /** Milliseconds since the epoch. */
    readonly at: number;
    /** With numbers masked where that is asked for. */
    readonly shown: Outcome;
    readonly failure: Failure | undefined;
    readonly inputs: Decided['inputs'];
    readonly planned?: true;
  },
): DecisionRecord {
  const { at, shown, failure, inputs, planned } = about;
  return {
    ...decision,
    outcome: shown,
    ...(inputs && { inputs }),
    at,
    ...(failure && { class: failure.class }),
    ...(planned && { planned }),
    ...(isDegraded(decision.outcome, handover) && { degraded: 'relay-degraded' }),
  };
}

/** Whether leg A cannot be sent the status, its phrase or its Retry-After as decided. */
function isDegraded(outcome: Outcome, { exactRelay, exactDetails }: Handover): boolean {
  if (outcome.kind !== 'relay' && outcome.kind !== 'announce') return false;
  const detailed = outcome.phrase !== undefined || outcome.retryAfter !== undefined;
  return !exactRelay || (detailed && !exactDetails);
}
