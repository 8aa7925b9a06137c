import { classOfStatus, FAULT_OF, relayStatus } from '../../model/classes';
import type { Failure } from '../../model/failure';
import type { PastAttempt } from '../hunt';

/** Statuses for failures that came without one, after RFC 3261 16.8 and RFC 3398 7.2.4.1. */
const STATUS_WITHOUT_ONE: Partial<Record<Failure['class'], number>> = {
  'trunk-timeout': 408,
  'no-answer': 480,
  unavailable: 480,
  busy: 486,
  redirected: 480,
  declined: 603,
  'invalid-number': 404,
  'codec-mismatch': 488,
  forbidden: 403,
};
/** RFC 3261 8.1.3.1: a transport error counts as a 503. */
const OTHERWISE = 503;

/** The caller's status for this failure alone. */
export function statusOf(failure: Failure): number {
  return relayStatus(failure.sip ?? STATUS_WITHOUT_ONE[failure.class] ?? OTHERWISE);
}

/**
 * The caller's final status after a hunt: the failure that ended it, or, if every attempt failed by
 * its trunk's fault, the best of them (RFC 3261 16.7 step 6).
 */
export function finalStatus(failure: Failure, attempts: readonly PastAttempt[]): number {
  const last = statusOf(failure);
  if (failure.fault !== 'trunk') return last;
  // What an attempt without a status was is no longer known: it failed as the last one did, if that had none either.
  const withoutOne = failure.sip === undefined ? last : relayStatus(408);
  const earlier = attempts.slice(0, -1).map((one) => trunkFaultStatus(one, withoutOne));
  if (earlier.includes(undefined)) return last;
  return best([...(earlier as number[]), last]);
}

/** The status of a past attempt if its trunk was at fault, otherwise undefined. */
function trunkFaultStatus(attempt: PastAttempt, withoutOne: number): number | undefined {
  if (attempt.sip === undefined) return attempt.rang ? undefined : withoutOne;
  const fault = FAULT_OF[classOfStatus(attempt.sip, { rang: attempt.rang, ours: false })];
  return fault === 'trunk' ? relayStatus(attempt.sip) : undefined;
}

/** The first 6xx; without one, the first status of the lowest class. */
function best(statuses: readonly number[]): number {
  const global = statuses.find((status) => status >= 600);
  if (global !== undefined) return global;
  return statuses.reduce((chosen, status) =>
    Math.floor(status / 100) < Math.floor(chosen / 100) ? status : chosen,
  );
}
