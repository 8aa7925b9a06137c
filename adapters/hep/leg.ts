import { endpointText, type HepPacket } from './packet';
import type { SipMessage } from './sip-message';
import { Transaction } from './transaction';

/** Authentication, session timers, SRV hosts, redirections: a leg with more transactions is a loop. */
const MOST_TRANSACTIONS = 16;
const MOST_IN_DIALOG = 64;

/** `kept` was stored, `known` is a retransmission or in-dialog, `overflow` did not fit. */
export type Joined = 'kept' | 'known' | 'overflow';

/**
 * The INVITE transactions of one Call-ID that created, or tried to create, a dialog. Messages of an
 * existing dialog (re-INVITE, T.38, hold) are recognised by the To tag of their request and left out.
 */
export class Leg {
  readonly transactions: Transaction[] = [];
  /** CSeq and branch of INVITEs inside a dialog, because their responses look like any other. */
  private readonly inDialog = new Set<string>();

  constructor(readonly callId: string) {}

  /** Takes an INVITE, a response to one, or a CANCEL. */
  add(packet: HepPacket, message: SipMessage): Joined {
    const key = keyOf(message);
    if (message.status !== undefined) {
      if (this.inDialog.has(key)) return 'known';
      const found = this.find(message, endpointText(packet.source), packet.at);
      if (!found) return 'overflow';
      return found.addResponse(packet, message, message.status) ? 'kept' : 'known';
    }
    const target = endpointText(packet.destination);
    const foreign = this.isForeign(endpointText(packet.source));
    if (message.toTag !== undefined || (foreign && message.method === 'INVITE')) {
      // A CANCEL has a To tag only if its INVITE had one.
      return this.leaveOut(key);
    }
    if (message.method === 'CANCEL') {
      if (this.inDialog.has(key) || foreign) return 'known';
      const found = this.find(message, target, packet.at);
      if (!found) return 'overflow';
      const news = !found.cancelled;
      found.cancelled = true;
      return news ? 'kept' : 'known';
    }
    const found = this.find(message, target, packet.at, 'request');
    if (!found) return 'overflow';
    return found.addRequest(packet, message) ? 'kept' : 'known';
  }

  /** In the PBX's order of sending: one client increases its CSeq (RFC 3261 8.1.1.5). */
  inOrder(): readonly Transaction[] {
    return this.transactions.toSorted((a, b) => a.cseq - b.cseq || sentAt(a) - sentAt(b));
  }

  /** The decisive transaction: the last one, unless an earlier one was answered. */
  get last(): Transaction | undefined {
    const ordered = this.inOrder();
    return ordered.find((one) => one.answered) ?? ordered.at(-1);
  }

  /** A request from our INVITE's far end is no attempt of ours, unless the PBX calls itself. */
  private isForeign(source: string): boolean {
    const sent = this.transactions.some((one) => one.source === source);
    return !sent && this.transactions.some((one) => one.farEnd === source);
  }

  private leaveOut(key: string): Joined {
    // Its response may have come first and looked like that of an initial INVITE.
    const early = this.transactions.findIndex(
      (one) => one.sentAt === undefined && keyOfTransaction(one) === key,
    );
    if (early >= 0) this.transactions.splice(early, 1);
    if (this.inDialog.has(key)) return 'known';
    if (this.inDialog.size >= MOST_IN_DIALOG) {
      // The oldest one was answered long ago.
      const [oldest] = this.inDialog;
      if (oldest !== undefined) this.inDialog.delete(oldest);
    }
    this.inDialog.add(key);
    return 'kept';
  }

  /**
   * Finds or creates the transaction of a message. CSeq and branch identify it. A PBX that tries the next
   * host after a transport error keeps both, so the far end distinguishes those. A response from an address
   * without a request belongs to the latest transaction with its CSeq and branch: multi-homed carriers.
   */
  private find(
    message: SipMessage,
    farEnd: string,
    at: number,
    kind: 'request' | 'other' = 'other',
  ): Transaction | undefined {
    const named = this.transactions.filter(
      (one) => one.cseq === message.cseq && one.branch === message.branch,
    );
    const exact = named.find((one) => one.farEnd === farEnd);
    const unsent = named.find((one) => one.sentAt === undefined);
    const found = exact ?? (kind === 'request' ? unsent : named.at(-1));
    if (found) return found;
    if (this.transactions.length >= MOST_TRANSACTIONS) return undefined;
    const made = new Transaction(message.cseq, message.branch, farEnd, at);
    this.transactions.push(made);
    return made;
  }
}

function sentAt(one: Transaction): number {
  return one.sentAt ?? one.firstAt;
}

function keyOf({ cseq, branch }: SipMessage): string {
  return `${cseq} ${branch}`;
}

function keyOfTransaction({ cseq, branch }: Transaction): string {
  return `${cseq} ${branch}`;
}
