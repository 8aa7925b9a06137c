import { classOfCause, classOfStatus, FAULT_OF, type FailureClass } from '../model/classes';
import type { Evidence, Failure } from '../model/failure';

/** No response at all, as a proxy would report it (RFC 3261 16.8). */
export const SILENCE_STATUS = 408;

/**
 * Merges what the sources say about one failed attempt, most trusted first, into one failure.
 * Pure and total: no evidence at all is class `unknown`.
 */
export function normalize(evidence: readonly Evidence[]): Failure {
  const rang = evidence.some((source) => source.rang);
  const progress = rang || evidence.some((source) => source.progress);
  const status = evidence.find((source) => source.sip !== undefined);
  const q850 = evidence.find((source) => source.q850 !== undefined)?.q850;
  const reasons = evidence.flatMap((source) => source.reasons ?? []);
  const location = reasons.find((reason) => reason.location !== undefined)?.location;
  const retryAfterMs = evidence.find((source) => source.retryAfterMs !== undefined)?.retryAfterMs;
  const failureClass = classify(evidence, { rang, progress });
  return {
    class: failureClass,
    fault: FAULT_OF[failureClass],
    rang,
    progress,
    earlyMediaMs: Math.max(0, ...evidence.map((source) => source.earlyMediaMs ?? 0)),
    origin: evidence[0]?.origin ?? 'silence',
    evidence,
    ...(location !== undefined && { location }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(status?.sip !== undefined && { sip: status.sip }),
    ...(status?.phrase !== undefined && { phrase: status.phrase }),
    ...(q850 !== undefined && { q850 }),
  };
}

function classify(
  evidence: readonly Evidence[],
  heard: { rang: boolean; progress: boolean },
): FailureClass {
  const status = evidence.find((source) => source.sip !== undefined);
  if (status?.sip !== undefined) {
    return classOfStatus(status.sip, { rang: heard.rang, ours: status.origin === 'ours' });
  }
  const origin = evidence[0]?.origin;
  if (origin === 'silence' || origin === 'ours') {
    // In-band ringing is early media: after any 18x a time-out is the callee's, not the trunk's.
    return heard.progress ? 'no-answer' : 'trunk-timeout';
  }
  if (origin === 'local') return 'local-unreachable';
  const cause = evidence.find((source) => source.q850 !== undefined)?.q850;
  return cause === undefined ? 'unknown' : classOfCause(cause, heard);
}
