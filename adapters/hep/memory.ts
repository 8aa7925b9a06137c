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
}

/** Legs in order of their last message, and what they take. */
class Shelf {
  readonly entries = new Map<string, Entry>();
  messages = 0;
  bytes = 0;

  put(entry: Entry): void {
    this.entries.set(entry.leg.callId, entry);
    this.messages += entry.messages;
    this.bytes += entry.bytes;
  }

  remove(entry: Entry): void {
    if (!this.entries.delete(entry.leg.callId)) return;
    this.messages -= entry.messages;
    this.bytes -= entry.bytes;
  }

  oldest(): Entry | undefined {
    const first = this.entries.values().next();
    return first.done === true ? undefined : first.value;
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
  /** Origin line → Call-ID. */
  private readonly byOrigin = new Map<string, string>();

  constructor(private readonly limits: MemoryLimits = MEMORY_LIMITS) {}

  /**
   * Keeps a message: an INVITE or CANCEL that is known to have left the PBX, or a response. `now`: any clock
   * that never goes back. Milliseconds.
   */
  add(packet: HepPacket, message: SipMessage, now: number): Joined {
    const { callId } = message;
    const known = this.entryOf(callId);
    const entry = known ?? newEntry(message, now);
    const joined = entry.leg.add(packet, message);
    if (joined === 'kept') {
      this.underWay.remove(entry);
      this.over.remove(entry);
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
    return this.entryOf(callId)?.leg;
  }

  /** See `SipMirror.callIdOf`. */
  callIdOf(sdp: string): string | undefined {
    return this.byOrigin.get(ORIGIN.exec(sdp)?.[1] ?? '');
  }

  /** Contents of the memory; `bytes` is an estimate. */
  size(): { legs: number; messages: number; bytes: number } {
    const { underWay, over } = this;
    return {
      legs: underWay.entries.size + over.entries.size,
      messages: underWay.messages + over.messages,
      bytes: underWay.bytes + over.bytes,
    };
  }

  /** Drops legs that are too old or too many. The cost depends only on what is dropped. */
  forget(now: number): void {
    for (const shelf of [this.over, this.underWay]) {
      for (const entry of shelf.entries.values()) {
        if (now - entry.touchedAt < this.limits.ageMs) break;
        this.drop(entry);
      }
    }
    while (this.isAbove(1, this.underWay, this.over)) {
      const entry = this.isAbove(OVER_KEEPS, this.over)
        ? this.over.oldest()
        : (this.underWay.oldest() ?? this.over.oldest());
      if (!entry) return;
      this.drop(entry);
    }
  }

  private entryOf(callId: string): Entry | undefined {
    return this.underWay.entries.get(callId) ?? this.over.entries.get(callId);
  }

  /** Whether the shelves together take more than so much of a bound. */
  private isAbove(share: number, ...shelves: readonly Shelf[]): boolean {
    const { messages, bytes } = this.limits;
    let [taken, size] = [0, 0];
    for (const shelf of shelves) {
      taken += shelf.messages;
      size += shelf.bytes;
    }
    return taken > messages * share || size > bytes * share;
  }

  private drop(entry: Entry): void {
    this.underWay.remove(entry);
    this.over.remove(entry);
    const { leg, origin } = entry;
    if (origin !== undefined && this.byOrigin.get(origin) === leg.callId)
      this.byOrigin.delete(origin);
  }
}

function newEntry({ callId, body }: SipMessage, now: number): Entry {
  const origin = ORIGIN.exec(body.toString('latin1'))?.[1];
  return { leg: new Leg(callId), origin, messages: 0, bytes: 0, touchedAt: now };
}
