import type { Logger } from 'winston';
import type { PbxListener, SipMirror } from '../../../src/calls/ports';
import type { Evidence } from '../../../src/model/failure';
import type { PastAttempt } from '../../../src/policy/hunt';
import { BoundedMap } from '../../shared/bounded';
import { huntIdOf } from '../../shared/hunt-id';
import { LegReports, type TrunkLeg } from '../../shared/leg-reports';
import { ObservedCallers } from '../../shared/observed-callers';
import { LegTimings } from '../../shared/leg-timings';
import type { MirroredLegs } from '../../shared/mirrored-legs';
import type { WantedEvent } from '../ari/events';
import { fromLeg, isLeftByCaller } from './evidence';
import { FirstResponseTimers } from './first-response';
import { Legs, type LegChange, type LegRecord } from './legs';
import type { KnownCodecs } from '../trunks/known-codecs';
import type { PlannedAttempt } from '../plan/planned-step';
import { unseenLegs } from './missed-events';
import type { AriRest, ChannelView } from '../ari/rest';
import { deviceOfChannel, type AsteriskTrunk, type TrunkNames } from '../trunks/trunk-names';

export interface ObservedLegsParts {
  readonly rest: AriRest;
  readonly log: Logger;
  /** Unix time in milliseconds. */
  readonly now: () => number;
  readonly mirror?: SipMirror;
  readonly mirrored: MirroredLegs;
  /** Longest wait for mirrored SIP that is still on its way. Milliseconds. */
  readonly mirrorWaitMs?: number | undefined;
  readonly media: Pick<KnownCodecs, 'configuredOffer'>;
  readonly listener: () => PbxListener | undefined;
  readonly trunks: () => ReadonlyMap<string, AsteriskTrunk>;
  /** Whether calls that begin on this trunk are only observed. */
  readonly isObserved: (trunk: AsteriskTrunk) => boolean;
  readonly trunkNames: () => TrunkNames;
}

/** What is known of a hunt from the dialplan's last report of it. */
export interface HuntAsTold {
  /** The number that the call is for. */
  readonly number: string;
  /** Unix time in milliseconds, by the PBX's clock. */
  readonly startedAt: number;
  /** Those that have failed. */
  readonly attempts: readonly PastAttempt[];
}

/** An attempt that has failed without any report of it, while its caller dials another trunk. */
export interface UntoldAttempt extends PlannedAttempt {
  readonly leg: LegRecord;
  readonly evidence: readonly Evidence[];
  /** The trunk that is dialled now. */
  readonly next: string;
}

interface KnownHunt extends HuntAsTold {
  readonly id: string;
  /** A leg of it was answered: others that end are no attempts that the caller has left. */
  answered: boolean;
}

/** Limit for hunts whose end was missed. */
const MOST_HUNTS = 20_000;

/** Every dialled leg, ours and those of other calls, from channel events. */
export class ObservedLegs {
  readonly legs = new Legs();
  private readonly timers: FirstResponseTimers;
  private readonly reports: LegReports;
  private readonly timings: LegTimings;
  private readonly callers: ObservedCallers;
  /** Leg A of every hunt in progress → the hunt. */
  private readonly hunts = new BoundedMap<string, KnownHunt>(MOST_HUNTS);
  /** Leg A of every attempt in progress with a plan. */
  private readonly plans = new BoundedMap<string, PlannedAttempt>(MOST_HUNTS);

  constructor(private readonly parts: ObservedLegsParts) {
    const { rest, log, now } = parts;
    this.reports = new LegReports({ ...parts, huntOf: (callerId) => this.hunts.get(callerId)?.id });
    this.callers = new ObservedCallers(parts.listener);
    this.timings = new LegTimings({ ...parts, mirror: parts.mirror, waitMs: parts.mirrorWaitMs });
    this.timers = new FirstResponseTimers(
      rest,
      now,
      (leg) => this.sentAt(leg),
      (leg) => log.info('no response at all, leg given up', { leg: leg.name }),
      (leg, error) =>
        log.warn('first-response check failed', { finding: 'CB3602', leg: leg.name, error }),
    );
  }

  /** A report of leg A's hunt, which is in progress: it tells of all that this has dialled so far. */
  told(channelId: string, hunt: HuntAsTold): void {
    this.hunts.set(channelId, {
      ...hunt,
      ...{ id: huntIdOf(channelId, hunt.startedAt), answered: false },
    });
    this.legs.tell(channelId);
    this.callers.came(channelId);
  }

  /**
   * The attempt that has failed without a report, if leg A dials another trunk by now: nobody was there to be asked, and the
   * dialplan went on by what it was told before. Two legs of one trunk may be one attempt.
   * @param dialled name of the new leg, of which nothing is known yet
   */
  leftUntold(channelId: string, dialled: string): UntoldAttempt | undefined {
    const hunt = this.hunts.get(channelId);
    const next = this.parts.trunkNames().trunkOf(dialled);
    if (hunt === undefined || hunt.answered || next === undefined) return undefined;
    const leg = this.legs.latestOf(channelId, (one) => isUntold(one, hunt));
    const trunk = leg && this.trunkLeg(leg).trunk;
    if (!leg || trunk === undefined || trunk === next) return undefined;
    const { number, startedAt, attempts } = hunt;
    return { number, startedAt, attempts, trunk, leg, next, evidence: this.evidenceOf(leg) };
  }

  /** Whether leg A has one. */
  isInHunt(channelId: string): boolean {
    return this.hunts.has(channelId);
  }

  /** What this leg A dials next is not ours. */
  ended(channelId: string): void {
    this.hunts.delete(channelId);
    this.plans.delete(channelId);
  }

  /**
   * Leg A came to us, and was left to its dialplan.
   * @param isTold its handover has told what its trunks' legs came to: an end that comes after it is no further attempt
   */
  declined(channelId: string, isTold: boolean): void {
    if (isTold) this.markTold(channelId);
    this.ended(channelId);
    this.callers.left(channelId);
  }

  /** Leg A has a plan for what it dials next. */
  planLeft(channelId: string, attempt: PlannedAttempt): void {
    this.plans.set(channelId, attempt);
  }

  /** Returns and removes that plan. */
  takePlan(channelId: string): PlannedAttempt | undefined {
    const attempt = this.plans.get(channelId);
    this.plans.delete(channelId);
    return attempt;
  }

  apply(event: WantedEvent): void {
    if (event.type === 'ChannelDestroyed') this.reportLeft(event.channel.id);
    const change = this.legs.apply(event, this.parts.now());
    if (change) this.legChanged(change);
    if (event.type !== 'ChannelDestroyed') return;
    const { id, state } = event.channel;
    this.callers.over(id, state === 'Up');
    this.callerGone(id);
  }

  /** Makes up for events that were missed while disconnected. */
  async resynchronise(channels: readonly ChannelView[]): Promise<void> {
    const ids = new Set(channels.map(({ id }) => id));
    for (const leg of this.legs.keepOnly(ids)) {
      this.timers.disarm(leg.id);
      this.timings.forget(leg.id);
    }
    this.callers.keepOnly(ids);
    for (const [channel, hunt] of this.hunts) {
      if (ids.has(channel)) continue;
      this.ended(channel);
      this.parts.listener()?.callerGone(hunt.id);
    }
    const found = await unseenLegs(channels, this.legs, (id) => this.parts.rest.linkedId(id));
    for (const leg of found) {
      this.legs.adopt(leg);
      this.armTimer(leg);
    }
  }

  /** Some leg that has not ended, as far as events tell. */
  anyChannel(): string | undefined {
    return this.legs.anyId();
  }

  tracked(): Readonly<Record<string, number>> {
    return {
      hunts: this.hunts.size,
      plans: this.plans.size,
      legs: this.legs.size,
      callers: this.legs.callers,
      timers: this.timers.size,
      lateAnswers: this.reports.lateAnswersAwaited,
      timings: this.timings.size,
      observed: this.callers.size,
    };
  }

  stop(): void {
    this.timers.disarmAll();
    this.timings.stop();
  }

  private callerGone(channelId: string): void {
    const hunt = this.hunts.get(channelId);
    if (hunt === undefined) return;
    this.ended(channelId);
    this.legs.forgetCaller(channelId);
    this.parts.listener()?.callerGone(hunt.id);
  }

  /**
   * The attempt that a caller leaves: Dial() cancels its leg, and hands nothing over. Or the last one of a call that ended
   * without anybody to ask.
   */
  private reportLeft(channelId: string): void {
    const hunt = this.hunts.get(channelId);
    if (hunt === undefined || hunt.answered) return;
    const leg = this.legs.latestOf(
      channelId,
      (one) => !one.counted && (isLeftByCaller(one) || isUntold(one, hunt)),
    );
    const { trunk } = leg ? this.trunkLeg(leg) : { trunk: undefined };
    if (!leg || trunk === undefined) return;
    leg.counted = true;
    const { id: huntId, number } = hunt;
    const evidence = this.evidenceOf(leg);
    this.parts.listener()?.abandoned({ huntId, number, trunk, evidence });
  }

  private evidenceOf(leg: LegRecord): readonly Evidence[] {
    return [fromLeg(leg, this.parts.now()), ...this.parts.mirrored.evidence(leg.callId)];
  }

  private legChanged({ kind, leg }: LegChange): void {
    const ours = leg.callerId !== undefined && this.hunts.has(leg.callerId);
    // Asterisk's Call-IDs are made of random bytes.
    if (kind === 'dialled' && leg.callId !== undefined) this.parts.mirror?.dialled(leg.callId);
    if (kind === 'dialled') this.noteHunt(leg);
    if (kind === 'over') return this.timings.over(leg.id, leg.endedAt ?? this.parts.now());
    if (kind !== 'dialled') this.timers.disarm(leg.id);
    else if (ours || this.isEmergency(leg)) this.armTimer(leg);
    if (kind === 'ended' && !leg.farEnd) this.reports.givenUp(this.trunkLeg(leg), leg.name, leg);
    if (kind === 'answered') this.markAnswered(leg);
    if (ours && kind === 'answered') this.reports.answered(this.trunkLeg(leg), leg.callId);
    const isSetUp = kind === 'answered' || kind === 'ended';
    if (isSetUp && leg.huntId !== undefined) this.setUp(leg);
    // In our dialplan its report decides; for all other calls events are the only source.
    if (ours || (leg.adopted && kind === 'ended')) return;
    if (isSetUp) this.observed(leg);
  }

  /** A caller who leaves ends the hunt before the leg. */
  private noteHunt(leg: LegRecord): void {
    const hunt = this.hunts.get(leg.callerId ?? '');
    if (hunt) leg.huntId = hunt.id;
  }

  private markTold(channelId: string): void {
    const { trunkNames } = this.parts;
    const next = (): LegRecord | undefined =>
      this.legs.latestOf(
        channelId,
        ({ name, counted, answered }) =>
          !counted && !answered && trunkNames().trunkOf(name) !== undefined,
      );
    for (let leg = next(); leg; leg = next()) leg.counted = true;
  }

  private setUp(leg: LegRecord): void {
    const { id, name, huntId, callId, dialledAt: invitedAt, rangAt, progressAt } = leg;
    const trunk = this.parts.trunkNames().trunkOf(name) ?? deviceOfChannel(name);
    const rang = Math.min(rangAt ?? Infinity, progressAt ?? Infinity);
    const times = {
      ...{ id, invitedAt },
      ...(callId !== undefined && { callId }),
      ...(rang !== Infinity && { rangAt: rang }),
      ...(leg.answeredAt !== undefined && { answeredAt: leg.answeredAt }),
      ...(leg.endedAt !== undefined && { endedAt: leg.endedAt }),
    };
    this.timings.setUp({ trunk, times, ...(huntId !== undefined && { huntId }) });
  }

  private markAnswered({ callerId = '' }: LegRecord): void {
    const hunt = this.hunts.get(callerId);
    if (hunt) hunt.answered = true;
  }

  /** An emergency call, which our dialplan dials without asking, on a trunk that is not only observed. */
  private isEmergency({ name, emergency }: LegRecord): boolean {
    const trunk = this.parts.trunks().get(this.parts.trunkNames().trunkOf(name) ?? '');
    return emergency === true && trunk !== undefined && !this.parts.isObserved(trunk);
  }

  private armTimer(leg: LegRecord): void {
    const name = this.parts.trunkNames().trunkOf(leg.name);
    const trunk = name === undefined ? undefined : this.parts.trunks().get(name);
    if (!trunk) return;
    const age = Math.max(0, this.parts.now() - leg.dialledAt);
    this.timers.arm(leg, trunk.firstResponse, Math.max(0, trunk.firstResponse - age));
  }

  /** When the INVITE under way was sent, by mirrored SIP; Unix time in milliseconds. */
  private sentAt({ callId, dialledAt }: LegRecord): number | undefined {
    const seen = callId === undefined ? undefined : this.parts.mirror?.leg(callId);
    return seen?.kind === 'unfinished' ? dialledAt + seen.sentAfterMs : undefined;
  }

  private trunkLeg({ name, callerId }: LegRecord): TrunkLeg {
    return { trunk: this.parts.trunkNames().trunkOf(name), callerId };
  }

  private observed(leg: LegRecord): void {
    if (leg.counted) return;
    leg.counted = true;
    const trunk = this.parts.trunkNames().trunkOf(leg.name);
    const attempt = {
      trunk: trunk ?? deviceOfChannel(leg.name),
      known: trunk !== undefined,
      legId: leg.id,
      leg: leg.name,
      ...(leg.caller && { caller: leg.caller }),
      answered: leg.answered,
      number: leg.dialled,
      beganAt: leg.dialledAt,
      overAt: leg.endedAt ?? leg.answeredAt ?? this.parts.now(),
    };
    const followed = (report?: Promise<void>): void => {
      if (leg.callerId !== undefined) this.callers.attempt(leg.callerId, report);
    };
    const report = (evidence: readonly Evidence[]): void => {
      this.parts.listener()?.observed({ ...attempt, evidence });
      this.setUp(leg);
    };
    if (leg.answered) {
      followed();
      return report([]);
    }
    const offered = this.parts.media.configuredOffer(
      this.parts.trunkNames().endpointOf(attempt.trunk),
    );
    const told = { ...fromLeg(leg, this.parts.now()), ...(offered && { offered }) };
    // No decision waits for it.
    const late = this.parts.mirrored.awaited(leg.callId, [told]);
    followed(late?.then((more) => report([told, ...more])));
    if (!late) report([told, ...this.parts.mirrored.evidence(leg.callId)]);
  }
}

/** Of this hunt, over, and without a report. */
function isUntold(leg: LegRecord, { id }: KnownHunt): boolean {
  const isOver = leg.dialStatus !== '' || leg.endedAt !== undefined || leg.farEnd !== undefined;
  return leg.huntId === id && isOver && !leg.answered && !leg.told && !leg.counted;
}
