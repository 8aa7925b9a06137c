import type { LegSip, SipEndpoint, SipMirror } from '../../src/calls/ports';
import { evidenceOf } from './evidence';
import { MEMORY_LIMITS, type MemoryLimits } from './memory';
import { OptionsPings } from './options-pings';
import { decodeHep } from './packet';
import type { PacketResult } from './packet-result';
import { passwordCheck } from './password';
import { PbxAddresses } from './pbx-addresses';
import { SentSetups } from './sent-setups';
import { Silence } from './silence';
import { headOf, parseSip } from './sip-message';

export interface CollectorParts {
  /** Chunk 14 that every packet must carry; any packet is welcome without. */
  readonly password?: string;
  readonly limits?: MemoryLimits;
  /** A clock that never goes back. Milliseconds. */
  readonly now: () => number;
  /** Told once per datagram. */
  readonly counted: (result: PacketResult) => void;
  /** Told once, in one sentence, where SIP must have been mirrored and nothing useful has come. */
  readonly unheard?: (finding: string) => void;
}

/** SIP methods that set a call up; everything else has nothing to say about a failed attempt. */
const SETUP = new Set(['INVITE', 'CANCEL']);

/** Half of what a PBX mirrors are ACK, BYE and the answers to it: seen at sight, never read further. */
const CSEQ = /^CSeq[ \t]{0,9}:[ \t]{0,9}\d{1,10}[ \t]{1,9}([A-Z]{1,16})/im;

/** Taken one by one, with cold caches, datagrams cost several times what they cost together. Milliseconds. */
const TOGETHER_MS = 20;
/** As many are taken at once. */
const MOST_ARRIVED = 64;

/** Joins mirrored SIP by leg and answers questions about it. Knows no socket. */
export class SipCollector implements SipMirror {
  private readonly addresses = new PbxAddresses();
  private readonly setups: SentSetups;
  private readonly passwordIsRight: (sent: Buffer) => boolean;
  private readonly pings = new OptionsPings(this.addresses);
  private readonly silence: Silence;
  /** Not yet looked at: a question about a leg looks at them first. */
  private arrived: Buffer[] = [];
  private later: NodeJS.Timeout | undefined;
  private readonly waiting = new Map<string, Set<() => void>>();

  constructor(private readonly parts: CollectorParts) {
    this.setups = new SentSetups(this.addresses, parts.limits ?? MEMORY_LIMITS);
    this.silence = new Silence(parts);
    this.passwordIsRight = passwordCheck(parts.password);
  }

  /** Takes one datagram, whatever it holds; never throws. It is looked at 20 ms later at most. */
  receive(datagram: Buffer): void {
    this.arrived.push(datagram);
    if (this.waiting.size > 0 || this.arrived.length >= MOST_ARRIVED) this.catchUp();
    else this.later ??= setTimeout(this.catchUp, TOGETHER_MS).unref();
  }

  /** How full the memory is. */
  size(): { legs: number; messages: number; bytes: number } {
    this.catchUp();
    return this.setups.size();
  }

  /** What is wrong with what arrives, one sentence each; nothing before it matters. */
  findings(): readonly string[] {
    this.catchUp();
    return this.silence.findings();
  }

  sentFrom(pbx: string, endpoints: readonly SipEndpoint[]): void {
    this.addresses.tell(pbx, endpoints);
  }

  dialled(callId: string): void {
    this.catchUp();
    this.setups.dialled(callId, this.parts.now());
  }

  leg(callId: string): LegSip | undefined {
    this.catchUp();
    const leg = this.setups.find(callId);
    return leg && evidenceOf(leg);
  }

  pingStatus(uri: string, withinMs: number): number | undefined {
    this.catchUp();
    // Nobody asks so before one has been answered.
    if (withinMs > 0) this.silence.expected();
    return this.pings.statusOf(uri, withinMs, this.parts.now());
  }

  awaitFinal(
    callId: string,
    { withinMs, sip }: { withinMs: number; sip?: number },
  ): Promise<LegSip | undefined> {
    this.catchUp();
    // The PBX has got an answer.
    if (sip !== undefined) this.silence.expected();
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
      // Timers run before waiting datagrams are read: one more turn lets in what came in time.
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
    for (const datagram of arrived) {
      const result = this.take(datagram);
      this.silence.saw(result);
      this.parts.counted(result);
    }
  };

  private take(datagram: Buffer): PacketResult {
    const packet = decodeHep(datagram);
    // Somebody without the password learns nothing, not even that a packet was well-formed.
    if (typeof packet === 'string') return packet;
    if (!this.passwordIsRight(packet.password)) return 'wrong-password';
    const head = headOf(packet.payload);
    if (isOther(head)) return 'ignored';
    const message = parseSip(packet.payload, head);
    if (!message) return 'bad-sip';
    if (message.cseqMethod === 'OPTIONS') {
      return this.pings.take(packet, message, this.parts.now()) ? 'joined' : 'ignored';
    }
    if (!SETUP.has(message.cseqMethod)) return 'ignored';
    const request = message.method?.toUpperCase();
    // The 200 to a CANCEL says nothing; a request with another method's CSeq is no request at all.
    if (request === undefined ? message.cseqMethod !== 'INVITE' : request !== message.cseqMethod)
      return 'ignored';
    const joined = this.setups.add(packet, message, this.parts.now());
    if (joined !== 'kept') return joined;
    for (const check of this.waiting.get(message.callId) ?? []) check();
    return 'joined';
  }

  private isFinal(callId: string, sip: number | undefined): boolean {
    const final = this.setups.find(callId)?.last?.final;
    return final !== undefined && (sip === undefined || sip === final.status);
  }

  private stopWaiting(callId: string, check: () => void): void {
    const others = this.waiting.get(callId);
    others?.delete(check);
    if (others?.size === 0) this.waiting.delete(callId);
  }
}

/** Only the first CSeq counts: a body may hold SIP as well. */
function isOther(head: string): boolean {
  const method = CSEQ.exec(head)?.[1]?.toUpperCase();
  return method !== undefined && method !== 'OPTIONS' && !SETUP.has(method);
}
