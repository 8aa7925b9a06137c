import { isDeepStrictEqual } from 'node:util';
import type {
  Contact,
  Provisional,
  Reason,
  SentBody,
  TakenBodies,
  Warning,
} from '../../src/model/failure';
import type { HepPacket } from './packet';
import { endpointText } from './packet';
import { sentRequest, type SentRequest } from './sent-request';
import { readReasons } from '../../src/normalize/reason-header';
import { contactsOf, redressUriOf, retryAfterMsOf, warningsOf } from './headers';
import { takenBodiesOf } from './accept';
import { bodyOf, sdpOf } from './body';
import type { SipMessage } from './sip-message';

/** No real switch sends more distinct ones; an untrusted one could. */
const MOST_PROVISIONAL = 16;

/** The final response of an INVITE. */
export interface FinalResponse {
  readonly status: number;
  readonly phrase: string;
  readonly statusLine: string;
  readonly at: number;
  readonly reasons: readonly Reason[];
  readonly warnings: readonly Warning[];
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
  readonly at: number;
}

/**
 * One INVITE client transaction (RFC 3261 17.1.1): an INVITE that left the PBX, and its responses in any order
 * of arrival. All times are the PBX's, in Unix milliseconds.
 */
export class Transaction {
  readonly sent: SentRequest;
  /** When the INVITE was first sent. */
  sentAt: number;
  /** Session description of the INVITE, not parsed. */
  readonly offer: string | undefined;
  /** Types of the INVITE's body. */
  readonly sentBody: SentBody | undefined;
  final: FinalResponse | undefined;
  firstResponseAt: number | undefined;
  /** A CANCEL went to the same far end. */
  cancelled = false;
  readonly provisional: TimedProvisional[] = [];

  constructor(packet: HepPacket, invite: SipMessage) {
    this.sent = sentRequest(packet, invite);
    this.sentAt = packet.at;
    this.offer = sdpOf(invite.headers, invite.body);
    this.sentBody = bodyOf(invite.headers, invite.body);
  }

  /** The INVITE's destination. */
  get farEnd(): string {
    return endpointText(this.sent.destination);
  }

  /** Takes a retransmission of the INVITE. */
  sentAgain(packet: HepPacket): 'known' {
    this.sentAt = Math.min(this.sentAt, packet.at);
    return 'known';
  }

  cancel(): 'kept' | 'known' {
    if (this.cancelled) return 'known';
    this.cancelled = true;
    return 'kept';
  }

  /** False for a retransmission, or if no more can be kept. */
  addResponse(packet: HepPacket, message: SipMessage, status: number): boolean {
    this.firstResponseAt = Math.min(this.firstResponseAt ?? packet.at, packet.at);
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
        at: packet.at,
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
      at: packet.at,
      reasons: readReasons(...reasonLines),
      warnings: warningsOf(headers),
      contacts: status < 400 && status >= 300 ? contactsOf(headers) : [],
      ...(retryAfterMs !== undefined && { retryAfterMs }),
      ...(takenBodies && { takenBodies }),
      ...(redressUri !== undefined && { redressUri }),
      ...(sdp !== undefined && status >= 300 && { sdp }),
    };
    return true;
  }

  get answered(): boolean {
    return this.final !== undefined && this.final.status < 300;
  }
}
