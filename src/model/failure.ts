import type { FailureClass, Fault } from './classes';
import type { Codec, MediaDescription } from './media';

/** One value of a Reason header (RFC 3326; several: RFC 9366). */
export interface Reason {
  /** `Q.850`, `SIP` or `STIR` (RFC 9410). Any other one is recorded, and says nothing about the class. */
  readonly protocol: string;
  readonly cause?: number;
  readonly text?: string;
  /** Where the cause was set, RFC 8606: `U`, `LPN`, `LN`, `TN`, `RLN`, `RPN`, `INTL`, `BI`, `LOC-6`… */
  readonly location?: string;
}

/** The PBX's summary of an attempt, without reasons. */
export type DialStatus = 'busy' | 'no-answer' | 'congestion' | 'unavailable';
/** One value of a Warning header (RFC 3261 20.43). */
export interface Warning {
  /** 300–399; 304 media type, 305 media format, 399 anything else. */
  readonly code: number;
  /** Host or pseudonym of the server that added it, as sent. */
  readonly agent: string;
  readonly text: string;
}

/** One line of a response's head; untrusted. */
export interface HeaderLine {
  /** In lower case, no compact form: `x-carrier-code`. */
  readonly name: string;
  /** Unfolded, 256 characters at most. */
  readonly value: string;
}

/** One Contact of a 3xx; untrusted. */
export interface Contact {
  /** Without parameters and escapes; a number also without visual separators. */
  readonly user: string;
  /** Host name or address without port; empty for `tel:`, and if the PBX does not report it. */
  readonly host: string;
}

/** A provisional response as received, 100–199. */
export interface Provisional {
  readonly sip: number;
  readonly phrase: string;
  /** Whether it carried SDP: early media. */
  readonly sdp: boolean;
  /** Since the INVITE was sent. Milliseconds; absent if the INVITE was not seen. */
  readonly afterMs?: number;
  /** Values of its Reason headers, as sent, in order; absent without one. */
  readonly reasons?: readonly Reason[];
}

/** Where a caller whose call was blocked by analytics can complain; checked, but still another's word. */
export interface Redress {
  /** `http:` or `https:`, 256 characters at most. */
  readonly redressUrl?: string;
  /** Digits with or without `+`, 15 digits at most. */
  readonly redressPhone?: string;
}

/** An INVITE within an attempt that the PBX followed by another: 407, 422, the next SRV host. */
export interface SubAttempt {
  /** Its final status; absent if none came. */
  readonly sip?: number;
  readonly phrase?: string;
  /** `192.0.2.1:5060`, `[2001:db8::1]:5060`; absent if the source does not say. */
  readonly farEnd?: string;
}

/** The body of an INVITE, by its headers. */
export interface SentBody {
  /** Media types in lower case, a multipart body before its parts: `multipart/mixed`, `application/sdp`. */
  readonly types: readonly string[];
  /** Content-Encoding in lower case; absent without one. */
  readonly encoding?: string;
}

/** Which bodies a server takes (RFC 3261 20.1, 20.2). Untrusted. */
export interface TakenBodies {
  /** Accept: media ranges in lower case without parameters; empty: none at all. Absent without the header. */
  readonly types?: readonly string[];
  /** Accept-Encoding in lower case; empty: no encoding. Absent without the header. */
  readonly encodings?: readonly string[];
}

/**
 * What one source says about an attempt, in neutral form: no field depends on a PBX. Adapters undo their
 * PBX's distortions before they fill this in.
 */
export interface Evidence {
  /** The source: `dialplan`, `channel-events`, `hep`. */
  readonly source: string;
  /** Final SIP status of the attempt, 300–699; absent when none arrived. */
  readonly sip?: number;
  /** Reason phrase of that status as sent; untrusted. */
  readonly phrase?: string;
  /**
   * ITU-T Q.850 cause, 1–127, as the far side sent it. Never a cause that the PBX computed from a SIP
   * status: that only repeats the status, less precisely.
   */
  readonly q850?: number;
  /**
   * Q.850 cause, 1–127, that the PBX computed: nobody sent it. It gives a class where no source has a status,
   * and is neither recorded as a cause nor matched by a rule.
   */
  readonly pbxCause?: number;
  /** The PBX's own summary; used only for legs with neither status nor cause. */
  readonly dialStatus?: DialStatus;
  /** 180 or 181 arrived, with or without SDP: the callee rang. */
  readonly rang: boolean;
  /** Any 18x arrived. */
  readonly progress: boolean;
  /** How long the caller had heard early media before the failure. Milliseconds. */
  readonly earlyMediaMs?: number;
  /** As sent, in order; absent if the source cannot see headers. */
  readonly reasons?: readonly Reason[];
  /**
   * Lines of the final response's head that a policy's rules may ask for; of a classified failure those that they do
   * ask for. In order; absent if the source cannot see them, or no rule asks.
   */
  readonly headers?: readonly HeaderLine[];
  /** Retry-After of the final response. Milliseconds. */
  readonly retryAfterMs?: number;
  /** URI of a Call-Info that says where to complain about a blocked call (RFC 8688); untrusted. */
  readonly redressUri?: string;
  /**
   * Who caused the failure: `far` the far side sent it, `local` this PBX could not even send, `no-response`
   * nothing came back, or only a 100, `ours` we or the caller ended the leg.
   */
  readonly origin: 'far' | 'local' | 'no-response' | 'ours';
  /** The final status line as sent, `SIP/2.0 488 Not Acceptable Here`; untrusted. */
  readonly statusLine?: string;
  /** As sent, in order; absent if the source cannot see headers. */
  readonly warnings?: readonly Warning[];
  /** The Contacts of a 3xx, best first. */
  readonly contacts?: readonly Contact[];
  /** In order of arrival, without retransmissions. */
  readonly provisional?: readonly Provisional[];
  /** Our session description. */
  readonly offer?: MediaDescription;
  /**
   * Codecs that the PBX was told or is configured to offer; used if the session description was not seen.
   * The PBX may send them in another order.
   */
  readonly offered?: readonly Codec[];
  /** Session description in the final response: what the far side would accept. */
  readonly refusal?: MediaDescription;
  /** What the body of our INVITE was; absent if it was not seen. */
  readonly sentBody?: SentBody;
  /** What bodies the final response says it takes (Accept, Accept-Encoding); absent if it does not. */
  readonly takenBodies?: TakenBodies;
  /** `UDP`, `TCP`, `TLS`, `WS`, `WSS`, `SCTP`. */
  readonly transport?: string;
  /** Where the INVITE was sent: `192.0.2.1:5060`, `[2001:db8::1]:5060`. */
  readonly farEnd?: string;
  /** From the INVITE to the first response, 100 included. Milliseconds. */
  readonly firstResponseMs?: number;
  /** From the INVITE, or the PBX's dialling, to the failure. Milliseconds. */
  readonly failedAfterMs?: number;
  /** Earlier INVITEs of the same attempt, in order. */
  readonly subAttempts?: readonly SubAttempt[];
}

/** What one source says about the class of a failure, and what it is based on. */
export interface Statement {
  /** As in Evidence. */
  readonly source: string;
  /**
   * `status` the SIP status alone, `phrase` a listed phrase with it, `reason` a Reason header, `cause` a
   * Q.850 cause without a status, `pbx-cause` one that the PBX computed, `dial-status` the PBX's summary,
   * `origin` the lack of any answer.
   */
  readonly by: 'status' | 'phrase' | 'reason' | 'cause' | 'pbx-cause' | 'dial-status' | 'origin';
  readonly class: FailureClass;
  readonly fault: Fault;
  readonly sip?: number;
  /** As listed, not as sent; therefore trusted. */
  readonly phrase?: string;
  /**
   * The list that gave the class: `policy` the policy file's phrases, `shipped` those of no carrier in particular,
   * otherwise the name of the carrier whose list it is.
   */
  readonly list?: string;
  readonly q850?: number;
  /** Cause of a STIR value: the SIP code of RFC 8224 for what is wrong with the caller's identity. */
  readonly stir?: number;
  /** A Reason's text says that analytics in the network blocked the call (ATIS-1000099, "603+"). */
  readonly analytics?: true;
  readonly location?: string;
}

/** Evidence merged and classified: what the policy decides on. */
export interface Failure {
  readonly class: FailureClass;
  readonly fault: Fault;
  readonly sip?: number;
  readonly phrase?: string;
  /** The cause that decided; otherwise the first one that was sent. Never one that the PBX computed. */
  readonly q850?: number;
  readonly rang: boolean;
  readonly progress: boolean;
  /** 0 without early media. Milliseconds. */
  readonly earlyMediaMs: number;
  /** From the INVITE to the failure, by the most trusted source that knows. Milliseconds. */
  readonly afterMs?: number;
  /** Origin by the most trusted source; see Evidence. */
  readonly origin: Evidence['origin'];
  /** Location of the Q.850 cause (RFC 8606); absent if no Reason header gave one. */
  readonly location?: string;
  /** Retry-After of the final response. Milliseconds. */
  readonly retryAfterMs?: number;
  /** Of a call blocked by analytics, if the network named it. */
  readonly redress?: Redress;
  /** The statement that gave the class; absent if there was no evidence. */
  readonly decidedBy?: Statement;
  /** Statements of other sources or headers that disagree with it, most trusted first. */
  readonly contradictions: readonly Statement[];
  /** All evidence behind the classification, in order of precedence. */
  readonly evidence: readonly Evidence[];
  /** Of an attempt that rang several phones at once: what its other legs said. Absent for a single leg. */
  readonly otherLegs?: readonly OtherLeg[];
}

/** What a leg of an attempt said that another leg's answer outdid. */
export type OtherLeg = Pick<Failure, 'class' | 'sip' | 'phrase'>;
