import type { HepPacket } from './packet';
import { isAnswerTo, isSameRequest } from './sent-request';
import type { SipMessage } from './sip-message';
import { Transaction } from './transaction';

/** Authentication, session timers, SRV hosts, redirections: a leg with more is a loop. */
const MOST_TRANSACTIONS = 16;

/**
 * `kept` was stored, `known` is a retransmission or inside a dialog, `overflow` had no room left, `stray`
 * belongs to no request that is known to have left the PBX.
 */
export type Joined = 'kept' | 'known' | 'overflow' | 'stray';

/**
 * The INVITE transactions of one Call-ID that made, or tried to make, a dialog; each begins with an INVITE
 * that left the PBX. Whatever belongs to a dialog that already stands (re-INVITE, T.38, hold) is recognised by
 * its request's To tag and left out, and its responses then belong to nothing.
 */
export class Leg {
  readonly transactions: Transaction[] = [];

  constructor(readonly callId: string) {}

  /** Takes an INVITE or a CANCEL that is known to have left the PBX, or any response to an INVITE. */
  add(packet: HepPacket, message: SipMessage): Joined {
    const { status, method, toTag } = message;
    if (status !== undefined) {
      const asked = this.transactions.find(({ sent }) => isAnswerTo(sent, packet, message));
      if (!asked) return 'stray';
      return asked.addResponse(packet, message, status) ? 'kept' : 'known';
    }
    if (toTag !== undefined) return 'known';
    const found = this.transactions.find(({ sent }) => isSameRequest(sent, packet, message));
    if (method?.toUpperCase() === 'CANCEL') return found ? found.cancel() : 'stray';
    if (found) return found.sentAgain(packet);
    if (this.transactions.length >= MOST_TRANSACTIONS) return 'overflow';
    this.transactions.push(new Transaction(packet, message));
    return 'kept';
  }

  /** In the order in which the PBX sent them: one client counts its CSeq up (RFC 3261 8.1.1.5). */
  inOrder(): readonly Transaction[] {
    return this.transactions.toSorted((a, b) => a.sent.cseq - b.sent.cseq || a.sentAt - b.sentAt);
  }

  /** The transaction that decides: the last one, unless an earlier one was answered. */
  get last(): Transaction | undefined {
    const ordered = this.inOrder();
    return ordered.find((one) => one.answered) ?? ordered.at(-1);
  }
}
