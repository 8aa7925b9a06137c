import type { DialEvent, WantedEvent } from './events';

/** One dialled leg as channel events show it. */
export interface LegRecord {
  readonly id: string;
  readonly name: string;
  /** Leg A; absent for a leg that was originated without one. */
  readonly callerId?: string;
  /** By our clock, milliseconds since the epoch. */
  readonly dialledAt: number;
  rang: boolean;
  progress: boolean;
  answered: boolean;
  /** Last word of `Dial`: empty while it goes on. */
  dialStatus: string;
  /** The far side answered 3xx, and Dial() did not follow it. */
  forwarded: boolean;
  /** The far side ended the leg. */
  farEnd?: { readonly cause?: number; readonly techCause?: number };
}

/** What a change of a leg means to whoever watches. */
export type LegChange =
  | { readonly kind: 'dialled'; readonly leg: LegRecord }
  | { readonly kind: 'heard'; readonly leg: LegRecord }
  | { readonly kind: 'answered'; readonly leg: LegRecord }
  | { readonly kind: 'ended'; readonly leg: LegRecord };

/** Forgets legs whose end was missed, e.g. while the connection was down. */
const MOST_LEGS = 20_000;

/** Follows every dialled leg of the PBX from channel events alone. */
export class Legs {
  private readonly byId = new Map<string, LegRecord>();
  /** Ended legs whose report is still to come; small and short-lived. */
  private readonly endedByCaller = new Map<string, LegRecord>();

  get size(): number {
    return this.byId.size;
  }

  apply(event: WantedEvent, now: number): LegChange | undefined {
    switch (event.type) {
      case 'Dial':
        return this.dial(event, now);
      case 'ChannelStateChange': {
        const leg = this.byId.get(event.channel.id);
        if (!leg || event.channel.state !== 'Ringing') return undefined;
        // Also for a 180 with SDP, which Dial() itself reports as PROGRESS.
        leg.rang = true;
        return { kind: 'heard', leg };
      }
      case 'ChannelHangupRequest': {
        const leg = this.byId.get(event.channel.id);
        if (!leg || event.soft || leg.farEnd) return undefined;
        leg.farEnd = {
          ...(event.cause !== undefined && { cause: event.cause }),
          ...(event.tech_cause !== undefined && { techCause: event.tech_cause }),
        };
        return undefined;
      }
      case 'ChannelDestroyed':
        return this.destroyed(event.channel.id);
      case 'StasisStart':
        return undefined;
    }
  }

  /** The leg of a caller's latest attempt, also just after its end. */
  latestOf(callerId: string, name: string): LegRecord | undefined {
    const ended = this.endedByCaller.get(callerId);
    if (ended && (name === '' || ended.name === name)) return ended;
    for (const leg of this.byId.values()) {
      if (leg.callerId === callerId && !leg.answered && (name === '' || leg.name === name))
        return leg;
    }
    return undefined;
  }

  forgetCaller(callerId: string): void {
    this.endedByCaller.delete(callerId);
  }

  /** After a reconnect: only these channels still exist. */
  keepOnly(channelIds: ReadonlySet<string>): void {
    for (const id of this.byId.keys()) if (!channelIds.has(id)) this.byId.delete(id);
    for (const id of this.endedByCaller.keys())
      if (!channelIds.has(id)) this.endedByCaller.delete(id);
  }

  private dial(event: DialEvent, now: number): LegChange | undefined {
    const known = this.byId.get(event.peer.id);
    if (!known) {
      // Anything but a start is the middle of an attempt whose beginning was missed.
      if (event.dialstatus !== '') return undefined;
      const leg: LegRecord = {
        id: event.peer.id,
        name: event.peer.name,
        dialledAt: now,
        rang: false,
        progress: false,
        answered: false,
        forwarded: false,
        dialStatus: '',
        ...(event.caller && { callerId: event.caller.id }),
      };
      this.byId.set(leg.id, leg);
      if (event.caller) this.endedByCaller.delete(event.caller.id);
      this.trim();
      return { kind: 'dialled', leg };
    }
    if (event.forward) known.forwarded = true;
    if (event.dialstatus === 'RINGING') known.rang = true;
    else if (event.dialstatus === 'PROGRESS') known.progress = true;
    else if (event.dialstatus === 'ANSWER') {
      known.answered = true;
      return { kind: 'answered', leg: known };
    } else if (event.dialstatus !== '' && event.dialstatus !== 'PROCEEDING') {
      known.dialStatus ||= event.dialstatus;
      return undefined;
    }
    return { kind: 'heard', leg: known };
  }

  private destroyed(id: string): LegChange | undefined {
    this.endedByCaller.delete(id);
    const leg = this.byId.get(id);
    if (!leg) return undefined;
    this.byId.delete(id);
    if (leg.answered) return undefined;
    // The handover of our own dialplan comes after this and asks for it once more.
    if (leg.callerId !== undefined) this.endedByCaller.set(leg.callerId, leg);
    return { kind: 'ended', leg };
  }

  private trim(): void {
    for (const map of [this.byId, this.endedByCaller]) {
      if (map.size <= MOST_LEGS) continue;
      const oldest = map.keys().next().value;
      if (oldest !== undefined) map.delete(oldest);
    }
  }
}
