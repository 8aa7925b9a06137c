// Own store: lru-cache has one bound, with an entry's size fixed when it is set, and one order. Here entries grow,
// both messages and bytes are bounded, and legs under way outlast those that are over.
import { Leg, type Joined } from './leg';
import type { HepPacket } from './packet';
import type { SipMessage } from '../../src/sip/sip-message';

export interface MemoryLimits {
  /** SIP messages kept. */
  readonly messages: number;
  /** Their estimated size. Bytes. */
  readonly bytes: number;
  /** A leg is forgotten this long after its last message. Milliseconds. */
  readonly ageMs: number;
}

/**
 * Some ten thousand legs under way at once, each with its INVITE and two provisional responses: 1,000 calls/s of which
 * each takes ten seconds to be answered or refused, and the last three seconds of those that are over.
 */
export const MEMORY_LIMITS: MemoryLimits = {
  messages: 50_000,
  bytes: 64 * 1024 * 1024,
  ageMs: 240_000,
};

/**
 * Objects and map entries around a message's text. By lab/bench/hep.ts the estimate is about twice the
 * memory of ASCII messages; text beyond Latin-1 needs two bytes a character. Bytes.
 */
const MESSAGE_OVERHEAD = 1_024;

/**
 * A leg that is over is asked for within milliseconds, one under way when it fails, a minute later perhaps. So legs
 * that are over make room first, but keep so much of each bound: otherwise a memory full of ringing phones would
 * forget every refusal before it is asked for.
 */
const OVER_KEEPS = 1 / 4;

/** The origin line of a session description: no two legs of a PBX have the same (RFC 8866 5.2). */
const ORIGIN = /^o=([^\r\n]{1,256})/m;

interface Entry {
  readonly leg: Leg;
  /** Of the first INVITE's offer. */
  readonly origin: string | undefined;
  messages: number;
  bytes: number;
  touchedAt: number;
  /** Where it stands now. */
  shelf?: Shelf | undefined;
  /** Its neighbours there. */
  earlier?: Entry | undefined;
  later?: Entry | undefined;
}

/**
 * Legs in order of their last message, and what they take. A list, because a Map whose first entries are deleted all the
 * time looks through thousands of gaps for its first one.
 */
class Shelf {
  oldest: Entry | undefined;
  private latest: Entry | undefined;
  legs = 0;
  messages = 0;
  bytes = 0;

  put(entry: Entry): void {
    entry.shelf = this;
    entry.earlier = this.latest;
    if (this.latest) this.latest.later = entry;
    else this.oldest = entry;
    this.latest = entry;
    this.count(entry, 1);
  }

  remove(entry: Entry): void {
    const { earlier, later } = entry;
    if (earlier) earlier.later = later;
    else this.oldest = later;
    if (later) later.earlier = earlier;
    else this.latest = earlier;
    entry.shelf = entry.earlier = entry.later = undefined;
    this.count(entry, -1);
  }

  private count({ messages, bytes }: Entry, sign: 1 | -1): void {
    this.legs += sign;
    this.messages += sign * messages;
    this.bytes += sign * bytes;
  }
}

/**
 * The recent legs by Call-ID, within limits. If it is full, the leg with the oldest last message goes first: of those
 * that are over, as long as they take more than their part; otherwise of those under way.
 */
export class SipMemory {
  /** No final response to the latest INVITE yet. */
  private readonly underWay = new Shelf();
  private readonly over = new Shelf();
  private readonly byCallId = new Map<string, Entry>();
  /** Origin line → Call-ID. */
  private readonly byOrigin = new Map<string, string>();

  constructor(private readonly limits: MemoryLimits = MEMORY_LIMITS) {}

  /**
   * Keeps a message: an INVITE or CANCEL that is known to have left the PBX, or a response. `now`: any clock
   * that never goes back. Milliseconds.
   */
  add(packet: HepPacket, message: SipMessage, now: number): Joined {
    const { callId } = message;
    const known = this.byCallId.get(callId);
    const entry = known ?? newEntry(message, now);
    const joined = entry.leg.add(packet, message);
    if (joined === 'kept') {
      if (known) entry.shelf?.remove(entry);
      else this.byCallId.set(callId, entry);
      entry.messages += 1;
      entry.bytes += packet.payload.length + MESSAGE_OVERHEAD;
      entry.touchedAt = now;
      (entry.leg.isOver ? this.over : this.underWay).put(entry);
      if (entry.origin !== undefined) this.byOrigin.set(entry.origin, callId);
    }
    this.forget(now);
    return joined;
  }

  find(callId: string): Leg | undefined {
    return this.byCallId.get(callId)?.leg;
  }

  /** See `SipMirror.callIdOf`. */
  callIdOf(sdp: string): string | undefined {
    return this.byOrigin.get(ORIGIN.exec(sdp)?.[1] ?? '');
  }

  /** Contents of the memory; `bytes` is an estimate. */
  size(): { legs: number; messages: number; bytes: number } {
    const { underWay, over } = this;
    return {
      legs: underWay.legs + over.legs,
      messages: underWay.messages + over.messages,
      bytes: underWay.bytes + over.bytes,
    };
  }

  /** Drops legs that are too old or too many. The cost depends only on what is dropped. */
  forget(now: number): void {
    for (const shelf of [this.over, this.underWay]) {
      while (shelf.oldest && now - shelf.oldest.touchedAt >= this.limits.ageMs)
        this.drop(shelf.oldest);
    }
    const { underWay, over } = this;
    while (this.isAbove(1, underWay.messages + over.messages, underWay.bytes + over.bytes)) {
      const isOverFirst = this.isAbove(OVER_KEEPS, over.messages, over.bytes);
      const entry = isOverFirst ? over.oldest : (underWay.oldest ?? over.oldest);
      if (!entry) return;
      this.drop(entry);
    }
  }

  /** Whether it is more than so much of a bound. */
  private isAbove(share: number, messages: number, bytes: number): boolean {
    return messages > this.limits.messages * share || bytes > this.limits.bytes * share;
  }

  private drop(entry: Entry): void {
    entry.shelf?.remove(entry);
    const { leg, origin } = entry;
    this.byCallId.delete(leg.callId);
    if (origin !== undefined && this.byOrigin.get(origin) === leg.callId)
      this.byOrigin.delete(origin);
  }
}

function newEntry({ callId, body }: SipMessage, now: number): Entry {
  const origin = ORIGIN.exec(body.toString('latin1'))?.[1];
  return { leg: new Leg(callId), origin, messages: 0, bytes: 0, touchedAt: now };
}
