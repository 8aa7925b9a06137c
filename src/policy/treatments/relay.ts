import { classOfStatus, FAULT_OF, relayStatus, type FailureClass } from '../../model/classes';
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

/** Between a carrier and us: no status of theirs says anything about the caller, the callee or the number. */
const OUR_DEBTS: ReadonlySet<FailureClass> = new Set(['no-credit', 'auth-failed']);
/** RFC 3261 16.7 step 6 and 22.3: what a proxy makes of a failure that is its own. */
const OUR_FAILURE = 500;

/** What is known of a failure, of an earlier attempt too. */
type Known = Pick<Failure, 'class' | 'sip'>;

/** The caller's status for this failure alone. */
export function statusOf(failure: Known): number {
  const { sip } = failure;
  if (sip === undefined) return relayStatus(STATUS_WITHOUT_ONE[failure.class] ?? OTHERWISE);
  if (OUR_DEBTS.has(failure.class) && Math.floor(sip / 100) !== 5) return OUR_FAILURE;
  return relayStatus(sip);
}

/**
 * The caller's final status after a hunt: the failure that ended it, or, if every attempt failed by
 * its trunk's fault, the best of them (RFC 3261 16.7 step 6). Only a status that a carrier has sent is
 * better than the last failure's: an attempt without one has none to choose, and our debts stay with us.
 */
export function finalStatus(failure: Failure, attempts: readonly PastAttempt[]): number {
  if (failure.fault !== 'trunk') return statusOf(failure);
  const earlier = attempts.slice(0, -1).map(known);
  if (earlier.some((one) => FAULT_OF[one.class] !== 'trunk')) return statusOf(failure);
  const sent = [...earlier, failure].filter(
    (one) => one.sip !== undefined && !OUR_DEBTS.has(one.class),
  );
  return sent.length > 0 ? best(sent.map(statusOf)) : statusOf(failure);
}

/** What an earlier attempt was; without its class, what its status and ringing say. */
function known({ class: name, sip, rang }: PastAttempt): Known {
  if (sip === undefined) return { class: name ?? (rang ? 'no-answer' : 'local-unreachable') };
  return { class: name ?? classOfStatus(sip, { rang, ours: false }), sip };
}

/** The first 6xx; without one, the first status of the lowest class. */
function best(statuses: readonly number[]): number {
  const global = statuses.find((status) => status >= 600);
  if (global !== undefined) return global;
  return statuses.reduce((chosen, status) =>
    Math.floor(status / 100) < Math.floor(chosen / 100) ? status : chosen,
  );
}
