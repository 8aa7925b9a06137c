import { isGeneric } from '../model/classes';
import { mayBeOfBody } from '../normalize/body-type';
import type { Evidence, Failure } from '../model/failure';
import type { Fact } from '../policy/facts';
import type { ClassifiedAttempt } from './classified-attempts';

/**
 * The facts of a failure reported by the PBX that mirrored SIP may still change. The status, if the PBX has
 * it, its phrase and the progress before it stay: the PBX reports them as they were. A cancellation stays too: the caller
 * ended the attempt, whatever its response says.
 */
export function openFacts({ sip, phrase, decidedBy, evidence }: Failure): ReadonlySet<Fact> {
  const open = new Set<Fact>();
  // The far side's status is still to come: whatever it says.
  if (sip === undefined) open.add('sip').add('cancelled').add('local');
  // A phrase with a carrier's own meaning may still arrive.
  if (sip === undefined || phrase === undefined) open.add('phrase').add('class').add('fault');
  // Reasons come in header fields of the same response as the status, and of the provisional ones before it.
  if (!evidence.some(seesHeaders)) {
    open.add('q850').add('location').add('header');
    const by = decidedBy?.class === 'cancelled' ? undefined : decidedBy?.by;
    const plain = by === 'status' || by === 'reason';
    if (plain && sip !== undefined && (isGeneric(sip) || mayBeOfBody(sip)))
      open.add('class').add('fault');
  }
  if (evidence.every(({ failedAfterMs }) => failedAfterMs === undefined)) open.add('within');
  // Only the refusal's own SIP says which media the far side accepts.
  if (evidence.every(({ refusal, warnings }) => !refusal && warnings === undefined))
    open.add('media');
  const redirected = sip === undefined || sip < 400;
  if (redirected && evidence.every(({ contacts }) => contacts === undefined)) open.add('contacts');
  return open;
}

/** Whether a source has seen every header of every response; a PBX may tell one Reason value of them all. */
function seesHeaders({ reasons, provisional }: Evidence): boolean {
  return reasons !== undefined && provisional !== undefined;
}

/** What mirrored SIP may still change when several attempts have failed at once. */
export type OpenAmong =
  /** Everything is known. */
  | 'nothing'
  /** It is still open which failure is the answer. */
  | 'answer'
  /** These facts of the failure that is the answer. */
  | ReadonlySet<Fact>;

/** @param best index of the failure that is the answer, as far as is known */
export function openAmong(failed: readonly ClassifiedAttempt[], best: number): OpenAmong {
  const open = failed.map(({ failure, late }) => (late ? openFacts(failure) : undefined));
  if (open.every((facts) => facts === undefined || facts.size === 0)) return 'nothing';
  // A callee's own answer comes before a trunk's failure, so the fault decides between them.
  const legs = failed.flatMap((attempt) => attempt.legs);
  if (legs.length > 1 && open.some((facts) => facts?.has('fault'))) return 'answer';
  return open[best] ?? 'nothing';
}
