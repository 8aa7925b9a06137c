import {
  classOfCause,
  classOfStatus,
  FAULT_OF,
  faultOfStatus,
  isGeneric,
  isInformative,
  type FailureClass,
} from '../model/classes';
import type { DialStatus, Evidence, Reason, Statement } from '../model/failure';
import type { PhraseBook } from '../model/phrases';
import { bodyRefusal } from './body-type';
import { causeOfSip } from '../model/registries/rfc3398';

/** Progress of the attempt, by any source. */
export interface Progress {
  readonly rang: boolean;
  readonly progress: boolean;
}

/** Networks, which cannot decline a call; a user or the user's own network can. */
const NETWORKS = new Set(['LN', 'TN', 'RLN', 'INTL', 'BI']);

/** Q.850 21, call rejected. */
const REJECTED = 21;
/** Q.850 26: in ANSI networks a misrouted ported number, which RFC 3398 7.2.4.1 sends as 404. */
const NON_SELECTED = 26;

const CLASS_OF_DIAL_STATUS: Readonly<Record<DialStatus, FailureClass>> = {
  busy: 'busy',
  'no-answer': 'no-answer',
  congestion: 'trunk-congested',
  unavailable: 'trunk-failed',
};

/** The statement of a final status, or of its phrase if carriers give that their own meaning. */
export function statusSays(
  evidence: Evidence & { readonly sip: number },
  progress: Progress,
  phrases: PhraseBook,
): Statement {
  const { source, sip } = evidence;
  const ours = evidence.origin === 'ours';
  if (!ours && evidence.phrase !== undefined) {
    const listed = phrases.find(sip, evidence.phrase);
    if (listed) {
      const { phrase, class: name, fault } = listed;
      return { source, by: 'phrase', class: name, fault, sip, phrase };
    }
  }
  const name = bodyRefusal(evidence)
    ? 'bad-request'
    : classOfStatus(sip, { rang: progress.rang, ours });
  return { source, by: 'status', class: name, fault: faultOfStatus(sip, name), sip };
}

/** The statement of a Reason header's value; undefined if it says nothing. */
export function reasonSays(
  source: string,
  reason: Reason,
  progress: Progress,
  sip: number | undefined,
): Statement | undefined {
  const { protocol, cause, location } = reason;
  if (cause === undefined) return undefined;
  const where = location === undefined ? undefined : { location };
  if (protocol === 'SIP' && cause >= 300 && cause < 700) {
    const name = classOfStatus(cause, { rang: progress.rang, ours: false });
    const fault = faultOfStatus(cause, name);
    return { source, by: 'reason', class: name, fault, sip: cause, ...where };
  }
  if (protocol !== 'Q.850' || !isInformative(cause)) return undefined;
  const name = classOfReason(cause, location, progress, sip);
  if (name === undefined || name === 'unknown') return undefined;
  return { source, by: 'reason', class: name, fault: FAULT_OF[name], q850: cause, ...where };
}

function classOfReason(
  cause: number,
  location: string | undefined,
  progress: Progress,
  sip: number | undefined,
): FailureClass | undefined {
  // A network's rejection is not the callee's, so the status decides.
  if (cause === REJECTED && location !== undefined && NETWORKS.has(location)) return undefined;
  // A PBX says "answered elsewhere" to its own legs; a carrier never says it in a response.
  if (cause === NON_SELECTED) return sip === 404 ? 'no-route' : undefined;
  return classOfCause(cause, progress);
}

/**
 * Whether a Reason value says more than its status. The status must be generic, and the value must differ
 * from what RFC 3398 8.2.6.1 derives from the status (gateways and PBXes put `Q.850;cause=21` on every 403,
 * cause 18 on every 480).
 */
export function refines(reason: Statement, sip: number): boolean {
  return reason.q850 !== undefined && isGeneric(sip) && causeOfSip(sip).cause !== reason.q850;
}

/** The statement of a Q.850 cause without a status; undefined if it says nothing. */
export function causeSays(source: string, q850: number, progress: Progress): Statement | undefined {
  if (!isInformative(q850)) return undefined;
  const name = classOfCause(q850, progress);
  return { source, by: 'cause', class: name, fault: FAULT_OF[name], q850 };
}

export function dialStatusSays(source: string, status: DialStatus): Statement {
  const name = CLASS_OF_DIAL_STATUS[status];
  return { source, by: 'dial-status', class: name, fault: FAULT_OF[name] };
}

/** The statement of an attempt without any answer. */
export function originSays(evidence: Evidence, progress: Progress): Statement | undefined {
  if (evidence.origin === 'far') return undefined;
  // In-band ringing is early media: after any 18x a time-out is the callee's fault, not the trunk's.
  const unanswered = progress.progress ? 'no-answer' : 'trunk-timeout';
  const name = evidence.origin === 'local' ? 'local-unreachable' : unanswered;
  return { source: evidence.source, by: 'origin', class: name, fault: FAULT_OF[name] };
}
