// Own least-recently-used store: lru-cache has one bound, with an entry's size fixed when it is set. Here
// entries grow, and both messages and bytes are bounded.
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
 * A PBX with 50 failing attempts a second sends about 350 messages a second that are kept. A leg must last
 * as long as a phone may ring; few messages come while others ring.
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

/** The recent legs by Call-ID, within limits; drops the leg with the oldest last message first. */
export class SipMemory {
  /** In order of their last message. */
  private readonly entries = new Map<string, Entry>();
  /** Origin line → Call-ID. */
  private readonly byOrigin = new Map<string, string>();
  private messages = 0;
  private bytes = 0;

  constructor(private readonly limits: MemoryLimits = MEMORY_LIMITS) {}

  /**
   * Keeps a message: an INVITE or CANCEL that is known to have left the PBX, or a response. `now`: any clock
   * that never goes back. Milliseconds.
   */
  add(packet: HepPacket, message: SipMessage, now: number): Joined {
    const { callId } = message;
    const known = this.entries.get(callId);
    const entry = known ?? newEntry(message, now);
    const joined = entry.leg.add(packet, message);
    if (joined === 'kept') {
      const size = packet.payload.length + MESSAGE_OVERHEAD;
      entry.messages += 1;
      entry.bytes += size;
      this.messages += 1;
      this.bytes += size;
      entry.touchedAt = now;
      this.entries.delete(callId);
      this.entries.set(callId, entry);
      if (entry.origin !== undefined) this.byOrigin.set(entry.origin, callId);
    }
    this.forget(now);
    return joined;
  }

  find(callId: string): Leg | undefined {
    return this.entries.get(callId)?.leg;
  }

  /** See `SipMirror.callIdOf`. */
  callIdOf(sdp: string): string | undefined {
    return this.byOrigin.get(ORIGIN.exec(sdp)?.[1] ?? '');
  }

  /** Contents of the memory; `bytes` is an estimate. */
  size(): { legs: number; messages: number; bytes: number } {
    return { legs: this.entries.size, messages: this.messages, bytes: this.bytes };
  }

  /** Drops legs that are too old or too many. The cost depends only on what is dropped. */
  forget(now: number): void {
    for (const [callId, entry] of this.entries) {
      const full = this.messages > this.limits.messages || this.bytes > this.limits.bytes;
      if (!full && now - entry.touchedAt < this.limits.ageMs) return;
      this.entries.delete(callId);
      const { origin } = entry;
      if (origin !== undefined && this.byOrigin.get(origin) === callId) {
        this.byOrigin.delete(origin);
      }
      this.messages -= entry.messages;
      this.bytes -= entry.bytes;
    }
  }
}

function newEntry({ callId, body }: SipMessage, now: number): Entry {
  const origin = ORIGIN.exec(body.toString('latin1'))?.[1];
  return { leg: new Leg(callId), origin, messages: 0, bytes: 0, touchedAt: now };
}
