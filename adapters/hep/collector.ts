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

/** Responses to what sets nothing up; this recognises them without parsing. */
const CSEQ = /^CSeq[ \t]{0,9}:[ \t]{0,9}\d{1,10}[ \t]{1,9}([A-Z]{1,16})/im;

/** Processed one by one, with cold caches, datagrams cost several times as much as together. Milliseconds. */
const TOGETHER_MS = 20;
/** At most this many are processed at once. */
const MOST_ARRIVED = 64;

/** Where datagrams lie that nobody has read yet. */
export interface Unread {
  /** Gives those that are there to `receiveAll`. */
  read(): void;
  /** Whether each is wanted as soon as it comes. */
  hurry(urgent: boolean): void;
}

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
  private unread: Unread | undefined;
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

  /** Takes datagrams that were read together; never throws. */
  receiveAll(datagrams: readonly Buffer[]): void {
    this.arrived.push(...datagrams);
    this.catchUp();
  }

  /** Whoever asks sees what lies there too. */
  readFrom(unread: Unread): void {
    this.unread = unread;
  }

  /** Contents of the memory. */
  size(): { legs: number; messages: number; bytes: number } {
    this.readAll();
    return this.setups.size();
  }

  /** What is wrong with the packets that arrive, one sentence each. */
  findings(): readonly Named[] {
    this.readAll();
    return this.silence.findings();
  }

  sentFrom(pbx: string, endpoints: readonly SipEndpoint[]): void {
    this.addresses.tell(pbx, endpoints);
  }

  dialled(callId: string): void {
    // An INVITE that was not read yet counts when it is.
    this.catchUp();
    this.setups.dialled(callId, this.parts.now());
  }

  callIdOf(sdp: string): string | undefined {
    this.readAll();
    return this.setups.callIdOf(sdp);
  }

  leg(callId: string): LegSip | undefined {
    this.readAll();
    const leg = this.setups.find(callId);
    return leg && attemptSip(leg.transactions);
  }

  timesOf(callId: string): LegSipTimes | undefined {
    this.readAll();
    const leg = this.setups.find(callId);
    return leg && legTimes(leg.transactions);
  }

  pingStatus(uri: string, withinMs: number): number | undefined {
    this.readAll();
    // The adapters ask after the PBX has reported an answered OPTIONS; 0 only begins the following.
    if (withinMs > 0) this.silence.expected();
    return this.pings.statusOf(uri, withinMs, this.parts.now());
  }

  awaitFinal(
    callId: string,
    { withinMs, sip }: { withinMs: number; sip?: AwaitedStatus },
  ): Promise<LegSip | undefined> {
    this.readAll();
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
      this.unread?.hurry(true);
    });
  }

  private readAll(): void {
    this.unread?.read();
    this.catchUp();
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
    if (saysNothing(packet.payload) || this.isWithCaller(packet)) return 'ignored';
    const head = headOf(packet.payload);
    const method = methodIn(head);
    if (method !== undefined && !READ.has(method)) return 'ignored';
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

  /** Half of it all: what a caller sent to the PBX, and what that answered. By addresses and first bytes alone, unread. */
  private isWithCaller(packet: HepPacket): boolean {
    const { payload } = packet;
    if (!isLetter(payload[0])) return false;
    return (
      this.addresses.directionByAddress(packet) === (isResponse(payload) ? 'sent' : 'received')
    );
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
    if (this.waiting.size === 0) this.unread?.hurry(false);
  }
}

/** `ACK ` and `BYE `: a quarter of all messages. */
const [ACK, BYE] = [0x41434b20, 0x42594520];
/** `SIP/` and `2.0 `. */
const [SIP, VERSION] = [0x5349502f, 0x322e3020];

function saysNothing(payload: Buffer): boolean {
  if (payload.length < 4) return false;
  const begin = payload.readUInt32BE(0);
  return begin === ACK || begin === BYE;
}

function isResponse(payload: Buffer): boolean {
  return (
    payload.length >= 8 && payload.readUInt32BE(0) === SIP && payload.readUInt32BE(4) === VERSION
  );
}

/** Empty lines may stand before a message (RFC 3261 7.5). */
function isLetter(byte: number | undefined): boolean {
  return byte !== undefined && ((byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a));
}

/** Only the first CSeq counts: a body may contain SIP too. */
function methodIn(head: string): string | undefined {
  return CSEQ.exec(head)?.[1]?.toUpperCase();
}
