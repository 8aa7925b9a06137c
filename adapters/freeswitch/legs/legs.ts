import { FAR_HALF, farHalfOf, FROM_INNER, withInner } from './loopback';
import { BoundedMap, BoundedSet } from '../../shared/bounded';
import { ownCopy } from '../../shared/own-copy';
import { variable, type ChannelData } from '../esl/channel-data';

/** The end of a leg B, as far as evidence needs it. */
export interface EndedLeg {
  readonly uuid: string;
  /** Leg A; undefined for a leg that was originated without one. */
  readonly callerId?: string;
  readonly data: ChannelData;
  /** Of a leg of our own dialplan: the attempt that it belongs to, one of several legs perhaps. */
  readonly attempt?: string;
  /** Already reported as an observed attempt; a later handover must not count it again. */
  counted: boolean;
  /** Reported by a handover or a planned step, or of an attempt that was answered on another leg. */
  told: boolean;
}

/** The fields kept of a leg's end: full channel data has some ten kilobytes. */
const KEPT = [
  'Channel-Name',
  'Caller-Destination-Number',
  'Hangup-Cause',
  'Event-Date-Timestamp',
  'Caller-Channel-Created-Time',
  'Caller-Channel-Progress-Time',
  'Caller-Channel-Progress-Media-Time',
  'Caller-Channel-Hangup-Time',
  'variable_crankback_leg',
  'variable_crankback_ours',
  'variable_crankback_trunk',
  FAR_HALF,
  ...FROM_INNER,
  'variable_sip_gateway_name',
  'variable_dialed_user',
  'variable_dialed_domain',
  // Who called: an observed phone is told when its caller is gone.
  'Unique-ID',
  'variable_originator',
  'Other-Leg-Channel-Name',
  'Other-Leg-Destination-Number',
  'Other-Leg-Caller-ID-Number',
  'Other-Leg-Context',
] as const;

/** The only field whose end tells of something else: a part of it would leave codecs out. */
const OFFER = 'variable_rtp_local_sdp_str';
/** A longer offer is not kept. With bypassed media it is the caller's. Characters. */
const LONGEST_OFFER = 8_192;
/** A carrier's phrase and a caller's number have any length; of a longer field this much is kept. Characters. */
const LONGEST_FIELD = 1_024;

/** Ended legs kept until their caller is gone; more than any burst between failure and handover. */
const MOST_LEGS = 5_000;
/** `user/1001` has a leg for each phone; an attempt with more is read by its first ones. */
export const MOST_LEGS_OF_ATTEMPT = 12;

/** Unanswered legs that have ended, until the handover that reports them. */
export class EndedLegs {
  private readonly byId = new BoundedMap<string, EndedLeg>(MOST_LEGS);
  private readonly byAttempt = new BoundedMap<string, EndedLeg[]>(MOST_LEGS);
  /** The last end of each caller's legs, by caller: also of the far half of a loopback leg, and of a caller that is gone. */
  private readonly lastOf = new BoundedMap<string, ChannelData>(MOST_LEGS);
  private readonly waiting = new Map<string, () => void>();
  /** Reported by a handover before their end was seen. */
  private readonly reported = new BoundedSet<string>(MOST_LEGS);
  /** Callers that have gone lately, with their hunt: no handover will ask for their legs that end later. */
  private readonly gone = new BoundedMap<string, string | undefined>(MOST_LEGS);
  /** Attempts of which nothing is to be told any more: reported, or answered on one of several legs. */
  private readonly settled = new BoundedSet<string>(MOST_LEGS);

  get size(): number {
    return this.byId.size + this.byAttempt.size + this.waiting.size + this.reported.size;
  }

  add(uuid: string, callerId: string | undefined, data: ChannelData): EndedLeg {
    const kept: { [name in (typeof KEPT)[number]]?: string } = {};
    for (const name of KEPT) {
      const value = boundedPart(name, data[name]);
      if (value !== undefined) kept[name] = value;
    }
    const counted = this.reported.delete(uuid);
    const attempt = attemptOf(data);
    const leg = {
      uuid,
      data: kept,
      counted,
      told: attempt !== undefined && this.settled.has(attempt),
      ...(callerId !== undefined && { callerId }),
      ...(attempt !== undefined && { attempt }),
    };
    if (callerId === undefined) return leg;
    this.lastOf.set(callerId, kept);
    this.waiting.get(callerId)?.();
    if (this.gone.has(callerId)) return leg;
    this.byId.set(uuid, leg);
    this.waiting.get(uuid)?.();
    if (attempt !== undefined) this.addTo(attempt, leg);
    return leg;
  }

  get(uuid: string): EndedLeg | undefined {
    const leg = this.byId.get(uuid);
    return leg && this.whole(leg);
  }

  /**
   * The legs of an attempt of our own dialplan, in the order of their ends: `user/1001` has one for each phone.
   * @param attempt `crankback_leg`
   */
  ofAttempt(attempt: string): readonly EndedLeg[] {
    this.settle(attempt);
    return (this.byAttempt.get(attempt) ?? []).map((leg) => this.whole(leg));
  }

  /** Whether a leg is known to belong to another attempt. */
  isOfAnother(uuid: string, attempt: string): boolean {
    const leg = this.byId.get(uuid);
    return leg !== undefined && leg.attempt !== attempt;
  }

  /**
   * The first report of a leg counts it.
   * @returns whether it has been counted before
   */
  report(uuid: string): boolean {
    const leg = this.byId.get(uuid);
    const counted = leg?.counted ?? false;
    if (leg) leg.counted = true;
    else this.reported.add(uuid);
    return counted;
  }

  /** Legs of a caller that no report has counted, in the order of their ends. */
  uncountedOf(callerId: string): readonly EndedLeg[] {
    return [...this.byId.values()].filter(
      (leg) => leg.callerId === callerId && leg.attempt === undefined && !leg.counted,
    );
  }

  /** Resolves when the end of a leg, or of an attempt's first one, is known, or after `ms` milliseconds. */
  async awaitEnd(uuid: string, ms: number): Promise<void> {
    if (!this.firstOf(uuid)) await this.await(uuid, ms);
    const leg = this.firstOf(uuid);
    const far = leg && farHalfOf(leg.data);
    if (far !== undefined && !this.lastOf.has(far)) await this.await(far, ms);
  }

  /** A leg by its uuid, or the first one of an attempt. */
  private firstOf(uuid: string): EndedLeg | undefined {
    return this.byId.get(uuid) ?? this.byAttempt.get(uuid)?.[0];
  }

  /** No end will come for legs that ended while disconnected. */
  forgetReported(): void {
    this.reported.clear();
  }

  /** Its ends are reported, or one of its legs was answered. */
  settle(attempt: string): void {
    this.settled.add(attempt);
    for (const leg of this.byAttempt.get(attempt) ?? []) leg.told = true;
  }

  /** Legs of our own dialplan that ended while their caller was there, and that no handover has reported. */
  untoldOf(callerId: string): readonly EndedLeg[] {
    return [...this.byId.values()].filter(
      (leg) => leg.callerId === callerId && leg.attempt !== undefined && !leg.told,
    );
  }

  /** The hunt of a caller who left before this leg of it ended; undefined if the caller is there. */
  leftHunt({ callerId, attempt, told }: EndedLeg): string | undefined {
    if (attempt === undefined || told || callerId === undefined) return undefined;
    return this.gone.get(callerId);
  }

  /**
   * The caller is gone, so no handover will ask for its legs any more.
   * @param hunt the hunt that it had
   */
  forgetCaller(callerId: string, hunt?: string): void {
    for (const [uuid, leg] of this.byId) {
      if (leg.callerId !== callerId) continue;
      this.byId.delete(uuid);
      if (leg.attempt !== undefined) this.byAttempt.delete(leg.attempt);
    }
    this.gone.set(callerId, hunt);
  }

  private whole(leg: EndedLeg): EndedLeg {
    const inner = this.lastOf.get(farHalfOf(leg.data) ?? '');
    return inner ? { ...leg, data: withInner(leg.data, inner) } : leg;
  }

  private async await(key: string, ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.waiting.delete(key);
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.waiting.set(key, done);
    });
  }

  private addTo(attempt: string, leg: EndedLeg): void {
    const legs = this.byAttempt.get(attempt) ?? [];
    if (legs.length < MOST_LEGS_OF_ATTEMPT) legs.push(leg);
    this.byAttempt.set(attempt, legs);
    this.waiting.get(attempt)?.();
  }
}

/** Named on each leg by our own dialplan; undefined for any other leg. */
function attemptOf(leg: ChannelData): string | undefined {
  return variable(leg, 'crankback_ours') === '1' ? variable(leg, 'crankback_leg') : undefined;
}

function boundedPart(name: (typeof KEPT)[number], value: string | undefined): string | undefined {
  if (name === OFFER)
    return value === undefined || value.length > LONGEST_OFFER ? undefined : value;
  return value === undefined || value.length <= LONGEST_FIELD
    ? value
    : ownCopy(value.slice(0, LONGEST_FIELD));
}
