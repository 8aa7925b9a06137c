import { BoundedMap } from '../shared/bounded';
import type { Leg, Joined } from './leg';
import { SipMemory, type MemoryLimits } from './memory';
import type { HepPacket } from './packet';
import type { PbxAddresses } from './pbx-addresses';
import { sentRequest } from './sent-request';
import type { SipMessage } from '../../src/sip/sip-message';
import { STRAY_LIMITS, Strays } from './strays';

/** `ignored`: requests that the PBX received, and its responses to them. */
export type SetupResult = Joined | 'ignored';

/** Legs that the PBX has just dialled and whose INVITE was not seen yet. */
const MOST_DIALLED = 1_000;

/**
 * The legs that the PBX has set up, from mirrored SIP. An INVITE creates a leg only if it is known to have left
 * the PBX; a response is kept only if it fits such an INVITE.
 */
export class SentSetups {
  private readonly memory: SipMemory;
  private readonly strays = new Strays();
  /** Call-ID → when the PBX reported it. */
  private readonly dialledAt = new BoundedMap<string, number>(MOST_DIALLED);

  constructor(
    private readonly addresses: PbxAddresses,
    limits: MemoryLimits,
  ) {
    this.memory = new SipMemory(limits);
  }

  find(callId: string): Leg | undefined {
    return this.memory.find(callId);
  }

  callIdOf(sdp: string): string | undefined {
    return this.memory.callIdOf(sdp);
  }

  size(): ReturnType<SipMemory['size']> {
    return this.memory.size();
  }

  /** See `SipMirror.dialled`. `now`: any clock that never goes back. Milliseconds. */
  dialled(callId: string, now: number): void {
    if (this.memory.find(callId)) return;
    const first = this.strays.of(callId).find(({ message }) => isInitialInvite(message));
    if (!first) return void this.dialledAt.set(callId, now);
    const wire = sentRequest(first.packet, first.message);
    if (this.addresses.directionOf(wire) === 'unknown') this.addresses.learn(wire);
    this.again(callId, now);
  }

  /** Takes an INVITE, a CANCEL, or a response to an INVITE. */
  add(packet: HepPacket, message: SipMessage, now: number): SetupResult {
    const result = this.joined(packet, message, now);
    if (result === 'stray') this.strays.keep({ packet, message }, now);
    if (result === 'kept' && message.status === undefined) this.again(message.callId, now);
    return result;
  }

  /** Tries the messages again that came too early. */
  private again(callId: string, now: number): void {
    this.strays.release(
      callId,
      ({ packet, message }) => this.joined(packet, message, now) !== 'stray',
    );
  }

  private joined(packet: HepPacket, message: SipMessage, now: number): SetupResult {
    const direction = this.direction(packet, message, now);
    if (message.status !== undefined) {
      const known = this.memory.find(message.callId) !== undefined;
      const joined = known ? this.memory.add(packet, message, now) : 'stray';
      return joined === 'stray' && direction === 'sent' ? 'ignored' : joined;
    }
    if (direction === 'received') return 'ignored';
    return direction === 'sent' ? this.memory.add(packet, message, now) : 'stray';
  }

  private direction(packet: HepPacket, message: SipMessage, now: number) {
    const wire = sentRequest(packet, message);
    const direction = this.addresses.directionOf(wire);
    if (direction !== 'unknown' || !isInitialInvite(message)) return direction;
    const at = this.dialledAt.get(message.callId);
    if (at === undefined) return direction;
    this.dialledAt.delete(message.callId);
    if (now - at > STRAY_LIMITS.ageMs) return direction;
    this.addresses.learn(wire);
    return this.addresses.directionOf(wire);
  }
}

function isInitialInvite({ method, toTag }: SipMessage): boolean {
  return method?.toUpperCase() === 'INVITE' && toTag === undefined;
}
