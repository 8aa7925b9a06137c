import type { FailureClass, Fault } from './classes';
import type { Codec, MediaDescription } from './media';

/** One value of a Reason header (RFC 3326; several: RFC 9366). */
export interface Reason {
  /** `Q.850` or `SIP`; anything else carries no meaning here. */
  readonly protocol: string;
  readonly cause?: number;
  readonly text?: string;
  /** Where the cause was made, RFC 8606: `U`, `LPN`, `LN`, `TN`, `RLN`, `RPN`, `INTL`, `BI`, `LOC-6`… */
  readonly location?: string;
}

/** How a PBX sums an attempt up, without its reasons. */
export type DialStatus = 'busy' | 'no-answer' | 'congestion' | 'unavailable';
/** One value of a Warning header (RFC 3261 20.43). */
export interface Warning {
  /** 300–399; 304 media type, 305 media format, 399 anything else. */
  readonly code: number;
  /** Host or pseudonym of the server that added it, as sent. */
  readonly agent: string;
  readonly text: string;
}

/** One Contact of a 3xx, `sip:<user>@<host>`, as the far side sent it. */
export interface Contact {
  readonly user: string;
  /** Host name or address without port; empty where the PBX does not tell. */
  readonly host: string;
}

/** A provisional response as it came, 100–199. */
export interface Provisional {
  readonly sip: number;
  readonly phrase: string;
  /** Whether it carried SDP: early media. */
  readonly sdp: boolean;
  /** Since the INVITE was sent. Milliseconds; absent where the INVITE was not seen. */
  readonly afterMs?: number;
}

/** An INVITE inside one attempt that the PBX followed by another: 407, 422, the next SRV host. */
export interface SubAttempt {
  /** Its final status; absent where none came. */
  readonly sip?: number;
  readonly phrase?: string;
  /** `192.0.2.1:5060`, `[2001:db8::1]:5060`. */
  readonly farEnd: string;
}

/**
 * What one source says about an attempt, in neutral form: no field knows a PBX's name.
 * Adapters undo whatever their PBX distorts before they fill this in.
 */
export interface Evidence {
  /** Who says it: `dialplan`, `channel-events`, `hep`. */
  readonly source: string;
  /** Final SIP status of the attempt, 300–699; absent when none arrived. */
  readonly sip?: number;
  /** Reason phrase of that status as sent, any text. */
  readonly phrase?: string;
  /**
   * ITU-T Q.850 cause, 1–127, as the far side said it. Never one that the PBX computed from a SIP
   * status: that is the status again, less precise.
   */
  readonly q850?: number;
  /** The PBX's own summary; the last resort, for legs that have neither status nor cause. */
  readonly dialStatus?: DialStatus;
  /** 180 or 181 arrived, with or without SDP: the callee rang. */
  readonly rang: boolean;
  /** Any 18x arrived. */
  readonly progress: boolean;
  /** How long the caller had heard early media when the attempt failed. Milliseconds. */
  readonly earlyMediaMs?: number;
  /** As sent, in order; absent where the source cannot see headers. */
  readonly reasons?: readonly Reason[];
  /** Retry-After of the final response. Milliseconds. */
  readonly retryAfterMs?: number;
  /**
   * Where the failure was made: `far` the other side sent it, `local` this PBX could not even send,
   * `no-response` nothing came back, or only a 100, `ours` we or the caller ended the leg.
   */
  readonly origin: 'far' | 'local' | 'no-response' | 'ours';
  /** The final status line as sent, `SIP/2.0 488 Not Acceptable Here`; any text. */
  readonly statusLine?: string;
  /** As sent, in order; absent where the source cannot see headers. */
  readonly warnings?: readonly Warning[];
  /** Where a 3xx points to, best first. */
  readonly contacts?: readonly Contact[];
  /** In order of arrival, without retransmissions. */
  readonly provisional?: readonly Provisional[];
  /** Our session description. */
  readonly offer?: MediaDescription;
  /**
   * What the PBX was told to offer, or is configured to; stands in where the description itself is not
   * seen. A PBX may send it in another order.
   */
  readonly offered?: readonly Codec[];
  /** Session description in the final response: what the other side would take. */
  readonly refusal?: MediaDescription;
  /** `UDP`, `TCP`, `TLS`, `WS`, `WSS`, `SCTP`. */
  readonly transport?: string;
  /** Where the INVITE went: `192.0.2.1:5060`, `[2001:db8::1]:5060`. */
  readonly farEnd?: string;
  /** From the INVITE to the first response, 100 included. Milliseconds. */
  readonly firstResponseMs?: number;
  /** From the INVITE to the final response. Milliseconds. */
  readonly failedAfterMs?: number;
  /** Earlier INVITEs of the same attempt, in order. */
  readonly subAttempts?: readonly SubAttempt[];
}

/** What one source says about the class of a failure, and by what. */
export interface Statement {
  /** As in Evidence. */
  readonly source: string;
  /**
   * `status` the SIP status alone, `phrase` a listed phrase on it, `reason` a Reason header,
   * `cause` a Q.850 cause without a status, `dial-status` the PBX's summary, `origin` that there
   * was no answer at all.
   */
  readonly by: 'status' | 'phrase' | 'reason' | 'cause' | 'dial-status' | 'origin';
  readonly class: FailureClass;
  readonly fault: Fault;
  readonly sip?: number;
  /** As listed, not as sent: always trusted. */
  readonly phrase?: string;
  readonly q850?: number;
  readonly location?: string;
}

/** Evidence merged and classified: what the policy decides on. */
export interface Failure {
  readonly class: FailureClass;
  readonly fault: Fault;
  readonly sip?: number;
  readonly phrase?: string;
  readonly q850?: number;
  readonly rang: boolean;
  readonly progress: boolean;
  /** 0 without early media. Milliseconds. */
  readonly earlyMediaMs: number;
  /** Where the failure was made, by the most trusted source; see Evidence. */
  readonly origin: Evidence['origin'];
  /** Location of the Q.850 cause (RFC 8606); absent where no Reason header told one. */
  readonly location?: string;
  /** Retry-After of the final response. Milliseconds. */
  readonly retryAfterMs?: number;
  /** What gave the class; absent where there was no evidence at all. */
  readonly decidedBy?: Statement;
  /** What other sources or headers say that does not agree with it, most trusted first. */
  readonly contradictions: readonly Statement[];
  /** All evidence behind the classification, in order of precedence. */
  readonly evidence: readonly Evidence[];
}
