import { isGeneric } from '../model/classes';
import type { Failure } from '../model/failure';
import type { Fact } from '../policy/facts';
import type { ClassifiedAttempt } from './classified-attempts';

/**
 * What mirrored SIP, once it has come, may still change of a failure that the PBX has reported.
 * The status, its phrase and the progress before it stay: the PBX reports them as they were. A
 * cancellation stays too: the response to an attempt that the caller has left is our own.
 */
export function openFacts({ sip, phrase, decidedBy, evidence }: Failure): ReadonlySet<Fact> {
  const open = new Set<Fact>();
  // A phrase that carriers give a meaning of its own may be on its way.
  if (sip !== undefined && phrase === undefined) open.add('phrase').add('class').add('fault');
  // Statuses come with the reasons that the header fields of the same response give.
  if (evidence.every(({ reasons }) => reasons === undefined)) {
    open.add('q850').add('location');
    const plain = decidedBy?.by === 'status' && decidedBy.class !== 'cancelled';
    if (plain && sip !== undefined && isGeneric(sip)) open.add('class').add('fault');
  }
  // Of a refusal, only its own SIP tells what the far side takes.
  if (evidence.every(({ refusal, warnings }) => !refusal && warnings === undefined))
    open.add('media');
  const redirected = sip !== undefined && sip < 400;
  if (redirected && evidence.every(({ contacts }) => contacts === undefined)) open.add('contacts');
  return open;
}

/** What mirrored SIP may still change of several attempts that failed at once. */
export type OpenAmong =
  /** All is known. */
  | 'nothing'
  /** Even which of several failures is the answer. */
  | 'answer'
  /** These facts of the one that is. */
  | ReadonlySet<Fact>;

/** @param best which of them is the answer, as far as is known (index) */
export function openAmong(failed: readonly ClassifiedAttempt[], best: number): OpenAmong {
  const open = failed.map(({ failure, late }) => (late ? openFacts(failure) : undefined));
  if (open.every((facts) => facts === undefined || facts.size === 0)) return 'nothing';
  // A callee's own answer comes before a trunk's failure, so the fault decides between them.
  if (failed.length > 1 && open.some((facts) => facts?.has('fault'))) return 'answer';
  return open[best] ?? 'nothing';
}
