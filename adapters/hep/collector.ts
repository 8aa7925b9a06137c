import type { Named } from '../../src/findings/named';
import type {
  AwaitedStatus,
  LegSip,
  LegSipTimes,
  SipEndpoint,
  SipMirror,
} from '../../src/calls/ports';
import { legTimes } from './leg-times';
import { MEMORY_LIMITS, type MemoryLimits } from './memory';
import { OptionsPings } from './options-pings';
import { decodeHep, hepBytes, type HepPacket } from './packet';
import type { PacketResult } from './packet-result';
import { passwordCheck } from './password';
import { PbxAddresses } from './pbx-addresses';
import { SentSetups } from './sent-setups';
import { Silence } from './silence';
import { attemptSip } from '../../src/sip/attempt';
import { headOf, parseSip } from '../../src/sip/sip-message';

export interface CollectorParts {
  /** Chunk 14, required in every packet; absent: any packet is accepted. */
  readonly password?: string;
  readonly limits?: MemoryLimits;
  /** A clock that never goes back. Milliseconds. */
  readonly now: () => number;
  /** Called once per datagram. */
  readonly counted: (result: PacketResult) => void;
  /** Given each packet that may be passed on to other collectors; must return at once. */
  readonly pass?: (packet: Buffer) => void;
  /** Called once, with one sentence, if mirrored SIP must have come and none of the PBX has. */
  readonly unheard?: (finding: Named) => void;
}

/** SIP methods that set a call up; no other method says anything about a failed attempt. */
const SETUP = new Set(['INVITE', 'CANCEL']);
const READ = new Set([...SETUP, 'OPTIONS']);

/** Half of the mirrored messages are ACK, BYE and its responses; this recognises them without parsing. */
const CSEQ = /^CSeq[ \t]{0,9}:[ \t]{0,9}\d{1,10}[ \t]{1,9}([A-Z]{1,16})/im;

/** Processed one by one, with cold caches, datagrams cost several times as much as together. Milliseconds. */
const TOGETHER_MS = 20;
/** At most this many are processed at once. */
const MOST_ARRIVED = 64;

/** Joins mirrored SIP by leg and answers queries about it. Has no socket. */
export class SipCollector implements SipMirror {
  private readonly addresses = new PbxAddresses();
  private readonly setups: SentSetups;
  private readonly passwordIsRight: (sent: Buffer) => boolean;
  private readonly pings = new OptionsPings(this.addresses);
  private readonly silence: Silence;
  /** Not processed yet; a query about a leg processes them first. */
  private arrived: Buffer[] = [];
  private later: NodeJS.Timeout | undefined;
  private readonly waiting = new Map<string, Set<() => void>>();

  constructor(private readonly parts: CollectorParts) {
    this.setups = new SentSetups(this.addresses, parts.limits ?? MEMORY_LIMITS);
    this.silence = new Silence(parts);
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
    return this.setups.size();
  }

  /** What is wrong with the packets that arrive, one sentence each. */
  findings(): readonly Named[] {
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

  callIdOf(sdp: string): string | undefined {
    this.catchUp();
    return this.setups.callIdOf(sdp);
  }

  leg(callId: string): LegSip | undefined {
    this.catchUp();
    const leg = this.setups.find(callId);
    return leg && attemptSip(leg.transactions);
  }

  timesOf(callId: string): LegSipTimes | undefined {
    this.catchUp();
    const leg = this.setups.find(callId);
    return leg && legTimes(leg.transactions);
  }

  pingStatus(uri: string, withinMs: number): number | undefined {
    this.catchUp();
    // The adapters ask after the PBX has reported an answered OPTIONS; 0 only begins the following.
    if (withinMs > 0) this.silence.expected();
    return this.pings.statusOf(uri, withinMs, this.parts.now());
  }

  awaitFinal(
    callId: string,
    { withinMs, sip }: { withinMs: number; sip?: AwaitedStatus },
  ): Promise<LegSip | undefined> {
    this.catchUp();
    // The PBX has reported a response.
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
    for (const datagram of arrived) {
      const result = this.take(datagram);
      this.silence.saw(result);
      this.parts.counted(result);
      this.pass(datagram);
    }
  };

  /** Whatever it is about: other collectors also read RTCP. Only what has no password, where one is asked for, is ours alone. */
  private pass(datagram: Buffer): void {
    if (!this.parts.pass) return;
    const bytes = hepBytes(datagram);
    if (bytes && this.passwordIsRight(bytes.password)) this.parts.pass(bytes.packet);
  }

  private take(datagram: Buffer): PacketResult {
    const packet = decodeHep(datagram);
    // The password is checked before any SIP is parsed.
    if (typeof packet === 'string') return packet;
    if (!this.passwordIsRight(packet.password)) return 'wrong-password';
    const head = headOf(packet.payload);
    const method = methodIn(head);
    if (method !== undefined && !READ.has(method)) return 'ignored';
    if (this.isWithCaller(packet, head, method)) return 'ignored';
    const message = parseSip(packet.payload, head);
    if (!message) return 'bad-sip';
    if (message.cseqMethod === 'OPTIONS') {
      return this.pings.take(packet, message, this.parts.now()) ? 'joined' : 'ignored';
    }
    if (!SETUP.has(message.cseqMethod)) return 'ignored';
    const request = message.method?.toUpperCase();
    // The 200 to a CANCEL says nothing; a request whose CSeq has another method is no request.
    if (request === undefined ? message.cseqMethod !== 'INVITE' : request !== message.cseqMethod)
      return 'ignored';
    const joined = this.setups.add(packet, message, this.parts.now());
    if (joined !== 'kept') return joined;
    for (const check of this.waiting.get(message.callId) ?? []) check();
    return 'joined';
  }

  /** Half of the setups: a caller's INVITE that the PBX received, and what it answered. They are not parsed. */
  private isWithCaller(packet: HepPacket, head: string, method: string | undefined): boolean {
    if (method === undefined || !SETUP.has(method)) return false;
    const isResponse = head.startsWith('SIP/2.0 ');
    return this.addresses.directionByAddress(packet) === (isResponse ? 'sent' : 'received');
  }

  private isFinal(callId: string, sip: AwaitedStatus | undefined): boolean {
    const final = this.setups.find(callId)?.last?.final;
    if (final === undefined || sip === undefined) return final !== undefined;
    return typeof sip === 'number' ? sip === final.status : sip(final.status);
  }

  private stopWaiting(callId: string, check: () => void): void {
    const others = this.waiting.get(callId);
    others?.delete(check);
    if (others?.size === 0) this.waiting.delete(callId);
  }
}

/** Only the first CSeq counts: a body may contain SIP too. */
function methodIn(head: string): string | undefined {
  return CSEQ.exec(head)?.[1]?.toUpperCase();
}
