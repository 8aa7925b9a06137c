import type { MirroredMessage } from './mirrored-message';

export interface StrayLimits {
  readonly messages: number;
  readonly bytes: number;
  /** Messages of one Call-ID; further ones are dropped. */
  readonly perCallId: number;
  /** Milliseconds. */
  readonly ageMs: number;
}

/** A second of a busy PBX. The PBX mirrors a request and its response within milliseconds of each other. */
export const STRAY_LIMITS: StrayLimits = {
  messages: 1_000,
  bytes: 4 * 1024 * 1024,
  perCallId: 32,
  ageMs: 5_000,
};

interface Group {
  readonly since: number;
  readonly messages: readonly MirroredMessage[];
}

/**
 * Messages that do not fit anything yet: responses that came before their request, and requests of unknown
 * direction. Outsiders can fill this store, so it is small and separate from the legs.
 */
export class Strays {
  /** By Call-ID, in order of the first message. */
  private readonly groups = new Map<string, Group>();
  private messages = 0;
  private bytes = 0;

  constructor(private readonly limits: StrayLimits = STRAY_LIMITS) {}

  get size(): number {
    return this.messages;
  }

  /** @param now any clock that never goes back, milliseconds */
  keep(one: MirroredMessage, now: number): void {
    const { callId } = one.message;
    const { messages, since } = this.groups.get(callId) ?? { messages: [], since: now };
    if (messages.length < this.limits.perCallId) this.put(callId, since, [...messages, one]);
    this.forget(now);
  }

  /** Those of a Call-ID, in order of arrival. */
  of(callId: string): readonly MirroredMessage[] {
    return this.groups.get(callId)?.messages ?? [];
  }

  /** Drops the messages of a Call-ID that belong to a leg by now. */
  release(callId: string, belongs: (one: MirroredMessage) => boolean): void {
    const group = this.groups.get(callId);
    if (!group) return;
    const rest = group.messages.filter((one) => !belongs(one));
    if (rest.length > 0) this.put(callId, group.since, rest);
    else this.drop(callId);
  }

  private forget(now: number): void {
    const { limits } = this;
    for (const [callId, { since }] of this.groups) {
      const full = this.messages > limits.messages || this.bytes > limits.bytes;
      if (!full && now - since < limits.ageMs) return;
      this.drop(callId);
    }
  }

  /** Keeps the place of the Call-ID, so that the oldest one stays the first. */
  private put(callId: string, since: number, messages: readonly MirroredMessage[]): void {
    this.count(this.of(callId), -1);
    this.groups.set(callId, { since, messages });
    this.count(messages, 1);
  }

  private drop(callId: string): void {
    this.count(this.of(callId), -1);
    this.groups.delete(callId);
  }

  private count(messages: readonly MirroredMessage[], sign: 1 | -1): void {
    this.messages += sign * messages.length;
    for (const { packet } of messages) this.bytes += sign * packet.payload.length;
  }
}
