import type { HepPacket } from './packet';
import { isAnswerTo, isSameRequest } from './sent-request';
import type { SipMessage } from './sip-message';
import { Transaction } from './transaction';

/** Authentication, session timers, SRV hosts, redirections: a leg with more transactions is a loop. */
const MOST_TRANSACTIONS = 16;

/**
 * `kept` was stored, `known` is a retransmission or in-dialog, `overflow` did not fit, `stray` fits no request
 * that is known to have left the PBX.
 */
export type Joined = 'kept' | 'known' | 'overflow' | 'stray';

/**
 * The INVITE transactions of one Call-ID that created, or tried to create, a dialog. Each begins with an INVITE
 * that left the PBX. Requests of an existing dialog (re-INVITE, T.38, hold) are recognised by their To tag and
 * left out, so their responses fit no transaction.
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

  /** In the PBX's order of sending: one client increases its CSeq (RFC 3261 8.1.1.5). */
  inOrder(): readonly Transaction[] {
    return this.transactions.toSorted((a, b) => a.sent.cseq - b.sent.cseq || a.sentAt - b.sentAt);
  }

  /** The decisive transaction: the last one, unless an earlier one was answered. */
  get last(): Transaction | undefined {
    const ordered = this.inOrder();
    return ordered.find((one) => one.answered) ?? ordered.at(-1);
  }
}
