import {
  classOfCause,
  classOfStatus,
  FAULT_OF,
  faultOfStatus,
  isGeneric,
  isInformative,
  type FailureClass,
} from '../model/classes';
import type { DialStatus, Evidence, Statement } from '../model/failure';
import type { PhraseBook } from '../model/phrases';
import { bodyRefusal } from './body-type';
import { causeOfSip } from '../model/registries/rfc3398';
import { STIR_CODES } from '../model/registries/stir';
import { wordsOf } from '../model/words';
import { analyticsOf } from './analytics';
import { causeSentIn, type SaidReason } from './reasons';

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
      const { phrase, class: name, fault, own, carrier } = listed;
      const list = own ? 'policy' : (carrier ?? 'shipped');
      return { source, by: 'phrase', class: name, fault, sip, phrase, list };
    }
  }
  if (bodyRefusal(evidence)) return plain(source, sip, 'bad-request');
  const name = classOfStatus(sip, { rang: progress.rang, ours });
  // Ringing tells more than a carrier's list: after it a 480 is no answer everywhere.
  const changed = classOfStatus(sip, { rang: false, ours: false }) !== name;
  const meant = ours || changed ? undefined : phrases.meansBy(sip);
  if (!meant) return plain(source, sip, name);
  const { class: meaning, fault, carrier } = meant;
  return { source, by: 'status', class: meaning, fault, sip, list: carrier };
}

function plain(source: string, sip: number, name: FailureClass): Statement {
  return { source, by: 'status', class: name, fault: faultOfStatus(sip, name), sip };
}

/** Rejections that give no reason of their own. */
const REJECTIONS = new Set([403, 603]);
const STIR_PHRASES = new Set(STIR_CODES.map(({ phrase }) => wordsOf(phrase)));

/** The statement of a Reason header's value; undefined if it says nothing. */
export function reasonSays(
  { source, reason, provisional }: SaidReason,
  progress: Progress,
  sip: number | undefined,
): Statement | undefined {
  const { protocol, cause, location } = reason;
  const where = location === undefined ? undefined : { location };
  if (!provisional && analyticsOf(reason)) {
    const q850 = causeSentIn(reason);
    const said = { ...(q850 !== undefined && { q850 }), ...where, analytics: true as const };
    return { source, by: 'reason', class: 'blocked', fault: 'caller', ...said };
  }
  if (isOfIdentity(reason)) {
    // RFC 9410 5: a call whose signature is wrong may go on, so what rejected it later may be another thing.
    if (provisional && !(sip !== undefined && REJECTIONS.has(sip))) return undefined;
    const name = 'caller-id-rejected';
    const stir = cause === undefined ? undefined : { stir: cause };
    return { source, by: 'reason', class: name, fault: FAULT_OF[name], ...stir };
  }
  if (protocol === 'SIP' && cause !== undefined && cause >= 300 && cause < 700) {
    const name = classOfStatus(cause, { rang: progress.rang, ours: false });
    const fault = faultOfStatus(cause, name);
    return { source, by: 'reason', class: name, fault, sip: cause, ...where };
  }
  const q850 = causeSentIn(reason);
  if (q850 === undefined || !isInformative(q850)) return undefined;
  const name = classOfReason(q850, location, progress, sip);
  if (name === undefined || name === 'unknown') return undefined;
  return { source, by: 'reason', class: name, fault: FAULT_OF[name], q850, ...where };
}

/** STIR's causes are 4xx codes (RFC 9410 6); some send only their phrase, or the phrase under SIP. */
function isOfIdentity({ protocol, cause, text = '' }: SaidReason['reason']): boolean {
  if (protocol !== 'STIR' && protocol !== 'SIP') return false;
  if (protocol === 'STIR' && cause !== undefined && cause >= 400 && cause < 500) return true;
  return STIR_PHRASES.has(wordsOf(text));
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
 * Whether a Reason value says more than its status. The status must be generic. A Q.850 value must differ
 * from what RFC 3398 8.2.6.1 derives from the status (gateways and PBXes put `Q.850;cause=21` on every 403,
 * cause 18 on every 480). A SIP value must be a failure that is not generic itself.
 */
export function refines(reason: Statement, sip: number): boolean {
  if (!isGeneric(sip)) return false;
  if (reason.analytics || reason.class === 'caller-id-rejected') return true;
  // A 487 says nothing at all, so any other status says more.
  if (reason.sip !== undefined)
    return reason.sip >= 400 && (sip === 487 ? reason.sip !== 487 : !isGeneric(reason.sip));
  return reason.q850 !== undefined && causeOfSip(sip).cause !== reason.q850;
}

/** The statement of a Q.850 cause without a status; undefined if it says nothing. */
export function causeSays(source: string, q850: number, progress: Progress): Statement | undefined {
  if (!isInformative(q850)) return undefined;
  const name = classOfCause(q850, progress);
  return { source, by: 'cause', class: name, fault: FAULT_OF[name], q850 };
}

/** The same for a cause that the PBX computed; it is not recorded as a cause. */
export function pbxCauseSays(
  source: string,
  cause: number,
  progress: Progress,
): Statement | undefined {
  const said = causeSays(source, cause, progress);
  return said && { source, by: 'pbx-cause', class: said.class, fault: said.fault };
}

export function dialStatusSays(source: string, status: DialStatus): Statement {
  const name = CLASS_OF_DIAL_STATUS[status];
  return { source, by: 'dial-status', class: name, fault: FAULT_OF[name] };
}

/** The statement of an attempt without any answer. */
export function originSays(evidence: Evidence, progress: Progress): Statement | undefined {
  if (evidence.origin === 'far') return undefined;
  // A PBX that could not send may say whose absence it was: a phone of its own that is not registered.
  if (evidence.origin === 'local' && evidence.pbxCause !== undefined)
    return pbxCauseSays(evidence.source, evidence.pbxCause, progress);
  // In-band ringing is early media: after any 18x a time-out is the callee's fault, not the trunk's.
  const unanswered = progress.progress ? 'no-answer' : 'trunk-timeout';
  const name = evidence.origin === 'local' ? 'local-unreachable' : unanswered;
  return { source: evidence.source, by: 'origin', class: name, fault: FAULT_OF[name] };
}
