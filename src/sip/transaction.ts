import { isDeepStrictEqual } from 'node:util';
import type {
  Contact,
  HeaderLine,
  Provisional,
  Reason,
  SentBody,
  TakenBodies,
  Warning,
} from '../model/failure';
import { readReasons } from '../normalize/reason-header';
import { takenBodiesOf } from './accept';
import { bodyOf, sdpOf } from './body';
import { contactsOf, redressUriOf, retryAfterMsOf, warningsOf } from './headers';
import type { SipMessage } from './sip-message';

/** No real switch sends more distinct ones; an untrusted one could. */
const MOST_PROVISIONAL = 16;

/** An INVITE, or what is known of it where only its responses were seen. */
export interface SentInvite {
  readonly cseq: number;
  /** Where it was sent: `192.0.2.1:5060`, `[2001:db8::1]:5060`; absent if the source does not say. */
  readonly farEnd?: string;
  /** Of its topmost Via, upper case. */
  readonly transport?: string;
  /** When it was sent. Unix time in milliseconds; absent if the source has no times. */
  readonly at?: number;
  /** Its session description, not parsed. */
  readonly offer?: string;
  /** Types of its body. */
  readonly body?: SentBody;
}

/** The final response of an INVITE. */
export interface FinalResponse {
  readonly status: number;
  readonly phrase: string;
  readonly statusLine: string;
  /** Unix time in milliseconds; absent if the source has no times. */
  readonly at: number | undefined;
  readonly reasons: readonly Reason[];
  readonly warnings: readonly Warning[];
  /** As of `SipMessage`. */
  readonly lines: readonly HeaderLine[];
  /** Contacts of a 3xx; otherwise empty. */
  readonly contacts: readonly Contact[];
  readonly retryAfterMs?: number;
  /** Accept and Accept-Encoding. */
  readonly takenBodies?: TakenBodies;
  /** Of a 6xx: where to complain about a blocked call. */
  readonly redressUri?: string;
  /** Session description in its body, not parsed. */
  readonly sdp?: string;
}

/** A provisional response with its time on the wire; `afterMs` follows once the INVITE is known. */
export interface TimedProvisional extends Omit<Provisional, 'afterMs'> {
  readonly at: number | undefined;
}

/** What an INVITE says of its own transaction. */
export function inviteOf(
  invite: SipMessage,
): Pick<SentInvite, 'cseq' | 'transport' | 'offer' | 'body'> {
  const { cseq, transport, headers, body } = invite;
  const offer = sdpOf(headers, body);
  const types = bodyOf(headers, body);
  return {
    cseq,
    ...(transport !== undefined && { transport }),
    ...(offer !== undefined && { offer }),
    ...(types && { body: types }),
  };
}

/**
 * One INVITE client transaction (RFC 3261 17.1.1): an INVITE and its responses in any order of arrival. All times
 * are of one clock, in Unix milliseconds.
 */
export class Transaction {
  /** When the INVITE was first sent. */
  sentAt: number | undefined;
  final: FinalResponse | undefined;
  firstResponseAt: number | undefined;
  /** A CANCEL went to the same far end. */
  cancelled = false;
  readonly provisional: TimedProvisional[] = [];

  constructor(readonly invite: SentInvite) {
    this.sentAt = invite.at;
  }

  cancel(): 'kept' | 'known' {
    if (this.cancelled) return 'known';
    this.cancelled = true;
    return 'kept';
  }

  /** Takes a response; false for a retransmission, or if no more can be kept. */
  answer(message: SipMessage, status: number, at?: number): boolean {
    this.firstResponseAt = earlier(this.firstResponseAt, at);
    const phrase = message.phrase ?? '';
    const sdp = sdpOf(message.headers, message.body);
    const reasonLines = message.headers.get('reason') ?? [];
    if (status < 200) {
      const reasons = readReasons(...reasonLines);
      const known = this.provisional.some(
        (one) =>
          one.sip === status &&
          one.phrase === phrase &&
          one.sdp === (sdp !== undefined) &&
          isDeepStrictEqual(one.reasons ?? [], reasons),
      );
      if (known || this.provisional.length >= MOST_PROVISIONAL) return false;
      this.provisional.push({
        sip: status,
        phrase,
        sdp: sdp !== undefined,
        at,
        ...(reasons.length > 0 && { reasons }),
      });
      return true;
    }
    // The first final response counts (RFC 3261 17.1.1.2), but after any 2xx the call is up.
    const answeredNow = status < 300 && !this.answered;
    if (this.final && !answeredNow) return false;
    const { headers } = message;
    const retryAfterMs = retryAfterMsOf(headers);
    const takenBodies = takenBodiesOf(headers);
    const redressUri = status >= 600 ? redressUriOf(headers) : undefined;
    this.final = {
      status,
      phrase,
      statusLine: message.startLine,
      at,
      reasons: readReasons(...reasonLines),
      warnings: warningsOf(headers),
      lines: message.lines,
      contacts: status < 400 && status >= 300 ? contactsOf(headers) : [],
      ...(retryAfterMs !== undefined && { retryAfterMs }),
      ...(takenBodies && { takenBodies }),
      ...(redressUri !== undefined && { redressUri }),
      ...(sdp !== undefined && { sdp }),
    };
    return true;
  }

  get answered(): boolean {
    return this.final !== undefined && this.final.status < 300;
  }
}

/** The earlier of two times; an unknown one is no time. */
export function earlier(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || (other !== undefined && other < one) ? other : one;
}
