import type { HepPacket } from './packet';
import { isAnswerTo, isSameRequest } from './sent-request';
import { decisive } from '../../src/sip/attempt';
import type { SipMessage } from '../../src/sip/sip-message';
import { SentTransaction } from './sent-transaction';

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
  readonly transactions: SentTransaction[] = [];

  constructor(readonly callId: string) {}

  /** Takes an INVITE or a CANCEL that is known to have left the PBX, or any response to an INVITE. */
  add(packet: HepPacket, message: SipMessage): Joined {
    const { status, method, toTag } = message;
    if (status !== undefined) {
      const asked = this.transactions.find(({ sent }) => isAnswerTo(sent, packet, message));
      if (!asked) return 'stray';
      return asked.answer(message, status, packet.at) ? 'kept' : 'known';
    }
    if (toTag !== undefined) return 'known';
    const found = this.transactions.find(({ sent }) => isSameRequest(sent, packet, message));
    if (method?.toUpperCase() === 'CANCEL') return found ? found.cancel() : 'stray';
    if (found) return found.sentAgain(packet);
    if (this.transactions.length >= MOST_TRANSACTIONS) return 'overflow';
    this.transactions.push(new SentTransaction(packet, message));
    return 'kept';
  }

  /** Nothing more is to come of it, unless the PBX sends another INVITE. */
  get isOver(): boolean {
    return (
      this.transactions.at(-1)?.final !== undefined || this.transactions.some((one) => one.answered)
    );
  }

  /** The decisive transaction: the last one, unless an earlier one was answered. */
  get last(): SentTransaction | undefined {
    return decisive(this.transactions);
  }
}
