import type { LegSip, SipMirror } from '../../src/calls/ports';
import { evidenceOf } from './evidence';
import { MEMORY_LIMITS, SipMemory, type MemoryLimits } from './memory';
import { OptionsPings } from './options-pings';
import { decodeHep, type HepFault } from './packet';
import { passwordCheck } from './password';
import { headOf, parseSip } from './sip-message';

/** Result of a datagram. */
export type PacketResult =
  | 'joined'
  /** A retransmission, or SIP inside a dialog. */
  | 'known'
  /** SIP that does not set a call up. */
  | 'ignored'
  /** Its leg has more transactions or responses than any call needs. */
  | 'overflow'
  | 'wrong-password'
  | 'bad-sip'
  | HepFault;

export interface CollectorParts {
  /** Chunk 14, required in every packet; absent: any packet is accepted. */
  readonly password?: string;
  readonly limits?: MemoryLimits;
  /** A clock that never goes back. Milliseconds. */
  readonly now: () => number;
  /** Called once per datagram. */
  readonly counted: (result: PacketResult) => void;
}

/** SIP methods that set a call up; no other method says anything about a failed attempt. */
const SETUP = new Set(['INVITE', 'CANCEL']);

/** Half of the mirrored messages are ACK, BYE and its responses; this recognises them without parsing. */
const CSEQ = /^CSeq[ \t]{0,9}:[ \t]{0,9}\d{1,10}[ \t]{1,9}([A-Z]{1,16})/im;

/** Processed one by one, with cold caches, datagrams cost several times as much as together. Milliseconds. */
const TOGETHER_MS = 20;
/** At most this many are processed at once. */
const MOST_ARRIVED = 64;

/** Joins mirrored SIP by leg and answers queries about it. Has no socket. */
export class SipCollector implements SipMirror {
  private readonly memory: SipMemory;
  private readonly passwordIsRight: (sent: Buffer) => boolean;
  private readonly pings = new OptionsPings();
  /** Not processed yet; a query about a leg processes them first. */
  private arrived: Buffer[] = [];
  private later: NodeJS.Timeout | undefined;
  private readonly waiting = new Map<string, Set<() => void>>();

  constructor(private readonly parts: CollectorParts) {
    this.memory = new SipMemory(parts.limits ?? MEMORY_LIMITS);
    this.passwordIsRight = passwordCheck(parts.password);
  }

  /** Takes any datagram; never throws. It is processed within 20 ms. */
  receive(datagram: Buffer): void {
    this.arrived.push(datagram);
    if (this.waiting.size > 0 || this.arrived.length >= MOST_ARRIVED) this.catchUp();
    else this.later ??= setTimeout(this.catchUp, TOGETHER_MS).unref();
  }

  /** Contents of the memory. */
  size(): { legs: number; messages: number; bytes: number } {
    this.catchUp();
    return this.memory.size();
  }

  leg(callId: string): LegSip | undefined {
    this.catchUp();
    const leg = this.memory.find(callId);
    return leg && evidenceOf(leg);
  }

  pingStatus(uri: string, withinMs: number): number | undefined {
    this.catchUp();
    return this.pings.statusOf(uri, withinMs, this.parts.now());
  }

  awaitFinal(
    callId: string,
    { withinMs, sip }: { withinMs: number; sip?: number },
  ): Promise<LegSip | undefined> {
    this.catchUp();
    if (withinMs <= 0 || this.isFinal(callId, sip)) return Promise.resolve(this.leg(callId));
    return new Promise((resolve) => {
      const finish = (): void => {
        clearTimeout(timer);
        this.stopWaiting(callId, check);
        resolve(this.leg(callId));
      };
      const check = (): void => {
        if (this.isFinal(callId, sip)) finish();
      };
      // Timers run before waiting datagrams are read: one more turn includes those that came in time.
      const timer = setTimeout(() => setImmediate(finish), withinMs);
      const others = this.waiting.get(callId);
      if (others) others.add(check);
      else this.waiting.set(callId, new Set([check]));
    });
  }

  private readonly catchUp = (): void => {
    clearTimeout(this.later);
    this.later = undefined;
    const { arrived } = this;
    this.arrived = [];
    for (const datagram of arrived) this.parts.counted(this.take(datagram));
  };

  private take(datagram: Buffer): PacketResult {
    const packet = decodeHep(datagram);
    // The password is checked before any SIP is parsed.
    if (typeof packet === 'string') return packet;
    if (!this.passwordIsRight(packet.password)) return 'wrong-password';
    const head = headOf(packet.payload);
    if (isOther(head)) return 'ignored';
    const message = parseSip(packet.payload, head);
    if (!message) return 'bad-sip';
    if (message.cseqMethod === 'OPTIONS') {
      return this.pings.take(message, this.parts.now()) ? 'joined' : 'ignored';
    }
    if (!SETUP.has(message.cseqMethod)) return 'ignored';
    const request = message.method?.toUpperCase();
    // The 200 to a CANCEL says nothing; a request whose CSeq has another method is no request.
    if (request === undefined ? message.cseqMethod !== 'INVITE' : request !== message.cseqMethod)
      return 'ignored';
    const joined = this.memory.add(packet, message, this.parts.now());
    if (joined !== 'kept') return joined;
    for (const check of this.waiting.get(message.callId) ?? []) check();
    return 'joined';
  }

  private isFinal(callId: string, sip: number | undefined): boolean {
    const final = this.memory.find(callId)?.last?.final;
    return final !== undefined && (sip === undefined || sip === final.status);
  }

  private stopWaiting(callId: string, check: () => void): void {
    const others = this.waiting.get(callId);
    others?.delete(check);
    if (others?.size === 0) this.waiting.delete(callId);
  }
}

/** Only the first CSeq counts: a body may contain SIP too. */
function isOther(head: string): boolean {
  const method = CSEQ.exec(head)?.[1]?.toUpperCase();
  return method !== undefined && method !== 'OPTIONS' && !SETUP.has(method);
}
