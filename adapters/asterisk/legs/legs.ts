import type { ObservedCaller } from '../../../src/calls/ports';
import { BoundedMap } from '../../shared/bounded';
import type { Channel, DialEvent, WantedEvent } from '../ari/events';

/** One dialled leg as channel events show it. */
export interface LegRecord {
  readonly id: string;
  readonly name: string;
  /** Leg A; absent for a leg that was originated without one. */
  readonly callerId?: string;
  /** Leg A as it was when it dialled this leg; absent as above. */
  caller?: ObservedCaller;
  /** By our clock, Unix time in milliseconds. */
  readonly dialledAt: number;
  /** Of leg A, if it had one when it dialled this leg. */
  huntId?: string;
  /** SIP Call-ID, once an event has it. */
  callId?: string;
  /** The number in the dial string, `201` of `201@carrier-a`; empty if unknown. Untrusted. */
  dialled: string;
  rang: boolean;
  /** When it was first told to ring, by our clock; Unix time in milliseconds. */
  rangAt?: number;
  progress: boolean;
  /** When the first early media came, by our clock; Unix time in milliseconds. */
  progressAt?: number;
  /** When the leg was answered, by our clock; Unix time in milliseconds. */
  answeredAt?: number;
  /** When the leg ended, by our clock; Unix time in milliseconds. */
  endedAt?: number;
  /** We end it, because its last INVITE got no response. */
  givenUp?: true;
  /** Already reported as an observed attempt; a later report of the dialplan must not count it again. */
  counted: boolean;
  /** A report of the dialplan has told what it came to, or what came of its attempt. */
  told?: true;
  /** An emergency call dials it: its trunk is watched, though the decision is not ours. */
  emergency?: true;
  /** Our dialplan dialled it while this process was not connected; if it fails, the dialplan reports it. */
  adopted?: true;
  answered: boolean;
  /** Last status of `Dial`; empty while it goes on. */
  dialStatus: string;
  /** The far side answered 3xx, and Dial() did not follow it. */
  forwarded: boolean;
  /** User part of that 3xx's first Contact, untrusted. */
  forwardTo?: string;
  /** The far side ended the leg. */
  farEnd?: { readonly cause?: number; readonly techCause?: number };
}

/** A change of a leg. */
export type LegChange =
  | { readonly kind: 'dialled'; readonly leg: LegRecord }
  | { readonly kind: 'progressed'; readonly leg: LegRecord }
  | { readonly kind: 'answered'; readonly leg: LegRecord }
  /** Without an answer. */
  | { readonly kind: 'ended'; readonly leg: LegRecord }
  /** The end of a leg that was answered. */
  | { readonly kind: 'over'; readonly leg: LegRecord };

/** The user's context for emergency calls, and the shipped one that dials for it. */
const EMERGENCY = 'crankback-emergency';
/** Limit for legs whose end was missed, e.g. while the connection was down. */
const MOST_LEGS = 20_000;
/** Failed legs kept per caller: more than any fork has. */
const MOST_PER_CALLER = 32;

/** Follows every dialled leg of the PBX from channel events alone. */
export class Legs {
  /** Legs that have not ended. */
  private readonly byId = new BoundedMap<string, LegRecord>(MOST_LEGS);
  /** Unanswered legs of a caller who is still there, also ended ones: their report is still to come. */
  private readonly byCaller = new BoundedMap<string, LegRecord[]>(MOST_LEGS);

  get size(): number {
    return this.byId.size;
  }

  /** Callers with a leg that was not answered. */
  get callers(): number {
    return this.byCaller.size;
  }

  apply(event: WantedEvent, now: number): LegChange | undefined {
    const change = this.follow(event, now);
    const channel = event.type === 'Dial' ? event.peer : event.channel;
    if (channel) this.learnCallId(channel, change);
    return change;
  }

  private learnCallId({ id, protocol_id }: Channel, change: LegChange | undefined): void {
    if (!protocol_id) return;
    const leg = change?.leg ?? this.byId.get(id);
    if (leg?.id === id) leg.callId = protocol_id;
  }

  private follow(event: WantedEvent, now: number): LegChange | undefined {
    switch (event.type) {
      case 'Dial':
        return this.dial(event, now);
      case 'ChannelStateChange': {
        const leg = this.byId.get(event.channel.id);
        if (!leg || event.channel.state !== 'Ringing') return undefined;
        // Also on a 180 with SDP, which Dial() itself reports as PROGRESS.
        leg.rang = true;
        leg.rangAt ??= now;
        return { kind: 'progressed', leg };
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
        return this.destroyed(event.channel.id, now);
      case 'StasisStart':
      case 'ChannelUserevent':
        return undefined;
    }
  }

  /** A caller's latest unanswered leg that matches, even after its end. */
  latestOf(callerId: string, isWanted: (leg: LegRecord) => boolean): LegRecord | undefined {
    return this.byCaller.get(callerId)?.findLast(isWanted);
  }

  /** What this caller has dialled so far has been told. */
  tell(callerId: string): void {
    for (const leg of this.byCaller.get(callerId) ?? []) leg.told = true;
  }

  forgetCaller(callerId: string): void {
    this.byCaller.delete(callerId);
  }

  /** Adds a leg that was dialled while this process was not connected. */
  adopt(leg: LegRecord): void {
    leg.adopted = true;
    this.add(leg);
  }

  /** Some leg that has not ended. */
  anyId(): string | undefined {
    return this.byId.keys().next().value;
  }

  isKnown(legId: string): boolean {
    return this.byId.has(legId);
  }

  /**
   * Keeps only these channels, the ones that exist after a reconnect.
   * @returns the legs that are gone
   */
  keepOnly(channelIds: ReadonlySet<string>): LegRecord[] {
    const gone = [...this.byId.values()].filter(({ id }) => !channelIds.has(id));
    for (const { id } of gone) this.byId.delete(id);
    for (const id of this.byCaller.keys()) if (!channelIds.has(id)) this.byCaller.delete(id);
    return gone;
  }

  private dial(event: DialEvent, now: number): LegChange | undefined {
    const known = this.byId.get(event.peer.id);
    if (!known) {
      // Any other status is from the middle of an attempt whose start was missed.
      if (event.dialstatus !== '') return undefined;
      const leg = newLeg(event.peer, event.caller?.id, now);
      leg.dialled = numberIn(event.dialstring ?? '');
      if (event.caller) leg.caller = callerIn(event.caller);
      if (event.caller?.dialplan?.context.startsWith(EMERGENCY)) leg.emergency = true;
      this.add(leg);
      return { kind: 'dialled', leg };
    }
    if (event.forward) {
      known.forwarded = true;
      known.forwardTo = event.forward;
    }
    if (event.dialstatus === 'RINGING') {
      known.rang = true;
      known.rangAt ??= now;
    } else if (event.dialstatus === 'PROGRESS') {
      known.progress = true;
      known.progressAt ??= now;
    } else if (event.dialstatus === 'ANSWER') {
      known.answered = true;
      known.answeredAt ??= now;
      this.forgetFailed(known);
      return { kind: 'answered', leg: known };
    } else if (event.dialstatus !== '' && event.dialstatus !== 'PROCEEDING') {
      known.dialStatus ||= event.dialstatus;
      return undefined;
    }
    return { kind: 'progressed', leg: known };
  }

  private destroyed(id: string, now: number): LegChange | undefined {
    this.byCaller.delete(id);
    const leg = this.byId.get(id);
    if (!leg) return undefined;
    this.byId.delete(id);
    leg.endedAt = now;
    return { kind: leg.answered ? 'over' : 'ended', leg };
  }

  private add(leg: LegRecord): void {
    this.byId.set(leg.id, leg);
    if (leg.callerId === undefined) return;
    const legs = this.byCaller.get(leg.callerId) ?? [];
    legs.push(leg);
    if (legs.length > MOST_PER_CALLER) legs.shift();
    this.byCaller.set(leg.callerId, legs);
  }

  private forgetFailed(leg: LegRecord): void {
    if (leg.callerId === undefined) return;
    const others = this.byCaller.get(leg.callerId)?.filter(({ id }) => id !== leg.id) ?? [];
    if (others.length > 0) this.byCaller.set(leg.callerId, others);
    else this.byCaller.delete(leg.callerId);
  }
}

/** A leg of which only the dialling is known. */
export function newLeg(
  { id, name }: { readonly id: string; readonly name: string },
  callerId: string | undefined,
  dialledAt: number,
): LegRecord {
  return {
    id,
    name,
    dialledAt,
    dialled: '',
    rang: false,
    progress: false,
    counted: false,
    answered: false,
    forwarded: false,
    dialStatus: '',
    ...(callerId !== undefined && { callerId }),
  };
}

function callerIn({
  id,
  name: leg,
  caller,
  protocol_id: callId,
  dialplan,
}: NonNullable<DialEvent['caller']>): ObservedCaller {
  return {
    ...{ id, leg, extension: dialplan?.exten ?? '' },
    ...(caller?.number && { from: caller.number }),
    ...(dialplan && { context: dialplan.context }),
    ...(callId && { callId }),
  };
}

/** `201@carrier-a` and `carrier-a/sip:201@host` both dial 201. */
function numberIn(dialString: string): string {
  return /^(?:[^/]*\/)?(?:sips?:)?([^@/]*)/.exec(dialString)?.[1] ?? '';
}
