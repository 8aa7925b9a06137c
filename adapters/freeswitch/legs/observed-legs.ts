import type { ObservedCaller, PbxListener, SipMirror } from '../../../src/calls/ports';
import type { Evidence } from '../../../src/model/failure';
import type { LegTimes } from '../../../src/model/leg-times';
import { LegReports, type TrunkLeg } from '../../shared/leg-reports';
import { LegTimings } from '../../shared/leg-timings';
import type { MirroredLegs } from '../../shared/mirrored-legs';
import { ObservedCallers } from '../../shared/observed-callers';
import {
  callIdOf,
  integer,
  timeOf,
  variable,
  type ChannelData,
  type ChannelTime,
} from '../esl/channel-data';
import { fromLeg, originOf } from './evidence';
import { EndedLegs, type EndedLeg } from './legs';
import { isApplication } from './loopback';
import { ObservedPhones } from './observed-phones';
import { PbxClock } from './pbx-clock';
import { missedAnswers, type ChannelRow } from './missed-events';
import { farEndOf, type TrunkNames } from '../trunks/trunk-names';

export interface ObservedLegsParts {
  readonly mirrored: MirroredLegs;
  readonly mirror: SipMirror | undefined;
  /** Longest wait for mirrored SIP that is still on its way. Milliseconds. */
  readonly mirrorWaitMs?: number | undefined;
  /** Unix time in milliseconds. */
  readonly now: () => number;
  readonly trunkNames: () => TrunkNames;
  /** The hunt in progress of a leg A. */
  readonly huntOf: (callerId: string) => string | undefined;
  /** Runs `done` once the failures before it on this leg A have been reported. */
  readonly whenTold: (callerId: string, done: () => void) => void;
  readonly listener: () => PbxListener | undefined;
}

/** Every outbound leg, from channel events. */
export class ObservedLegs {
  readonly ended = new EndedLegs();
  private readonly reports: LegReports;
  private readonly timings: LegTimings;
  private readonly callers: ObservedCallers;
  /** Answered legs that have been reported. */
  private readonly answered = new Set<string>();
  private readonly phones: ObservedPhones;
  private readonly clock: PbxClock;
  private wasConnected = false;

  constructor(private readonly parts: ObservedLegsParts) {
    this.reports = new LegReports(parts);
    this.callers = new ObservedCallers(parts.listener);
    this.timings = new LegTimings({ ...parts, waitMs: parts.mirrorWaitMs });
    this.clock = new PbxClock(parts.now);
    this.phones = new ObservedPhones(this.ended, parts.trunkNames);
  }

  tracked(): Readonly<Record<string, number>> {
    return {
      legs: this.ended.size,
      answered: this.answered.size + this.phones.size,
      lateAnswers: this.reports.lateAnswersAwaited,
      timings: this.timings.size,
      observed: this.callers.size,
    };
  }

  stop(): void {
    this.timings.stop();
  }

  /** Takes CHANNEL_HANGUP_COMPLETE if `over`, otherwise CHANNEL_ANSWER. */
  apply(uuid: string, over: boolean, event: ChannelData): void {
    // FreeSWITCH's own voicemail has taken the call: nobody was called.
    if (isApplication(event)) return;
    const answered = timeOf(event, 'Answered') !== undefined;
    // In our dialplan its report decides; for all other calls events are the only source.
    const ours = variable(event, 'crankback_ours') === '1';
    if (over && !answered) {
      this.givenUp(uuid, event);
      const leg = this.ended.add(uuid, variable(event, 'originator'), event);
      const left = this.ended.leftHunt(leg);
      if (ours) this.setUp(event, left);
      if (left !== undefined) this.reportLeft(left, [leg]);
      if (ours || leg.counted || this.phones.waits(leg)) return;
      leg.counted = true;
      this.observed(event, [leg.data]);
      return;
    }
    if (!ours) this.phones.answeredBy(event);
    const attempt = ours ? variable(event, 'crankback_leg') : undefined;
    if (attempt !== undefined) this.ended.settle(attempt);
    if (!this.answered.has(uuid)) {
      if (!ours) this.observed(event, []);
      else if (!over) this.reportAnswer(event);
      if (ours) this.setUp(event);
    }
    if (over) this.timings.over(uuid, this.byOurClock(event)('Hangup') ?? this.parts.now());
    if (over) this.answered.delete(uuid);
    else this.answered.add(uuid);
  }

  /** The failure before it may still wait for the end of its leg: nobody shall hear of the answer first. */
  private reportAnswer(event: ChannelData): void {
    const leg = this.trunkLeg(event);
    this.parts.whenTold(leg.callerId ?? '', () => this.reports.answered(leg, callIdOf(event)));
  }

  /** Makes up for events that were missed while disconnected. */
  async resynchronise(
    channels: readonly ChannelRow[] | undefined,
    dump: (uuid: string) => Promise<ChannelData | undefined>,
  ): Promise<void> {
    const isFirst = !this.wasConnected;
    this.wasConnected = true;
    this.ended.forgetReported();
    if (!channels) return;
    this.callers.keepOnly(new Set(channels.map(({ uuid }) => uuid)));
    const up = new Set(channels.flatMap((one) => (one.outbound && one.up ? [one.uuid] : [])));
    for (const uuid of this.answered) {
      if (up.has(uuid)) continue;
      this.answered.delete(uuid);
      this.timings.forget(uuid);
    }
    // Legs that were up before this process began are not reported.
    if (isFirst) for (const uuid of up) this.answered.add(uuid);
    const isKnown = (uuid: string) => this.answered.has(uuid);
    for (const data of await missedAnswers(channels, isKnown, dump)) {
      this.apply(data['Unique-ID'] ?? '', false, data);
    }
  }

  /**
   * A caller is gone, with its hunt if it had one.
   * @param answered leg A was answered
   */
  callerGone(callerId: string, hunt: string | undefined, answered = false): void {
    for (const legs of this.phones.takeOf(callerId)) this.observed(legs[0] ?? {}, legs);
    if (hunt !== undefined) this.reportLeft(hunt, this.ended.untoldOf(callerId));
    this.ended.forgetCaller(callerId, hunt);
    if (hunt !== undefined) this.callers.came(callerId);
    this.callers.over(callerId, answered);
  }

  /** Leg A came to us, and was left to its dialplan. */
  declined(callerId: string): void {
    this.callers.left(callerId);
  }

  /** Attempts that the caller has left, each once: no handover will report them. */
  private reportLeft(huntId: string, legs: readonly EndedLeg[]): void {
    for (const { attempt = '', told, data } of legs) {
      const trunk = variable(data, 'crankback_trunk');
      if (told || trunk === undefined) continue;
      this.ended.settle(attempt);
      const [evidence = [], ...others] = legs
        .filter((leg) => leg.attempt === attempt)
        .map((leg) => this.evidenceOf(leg.data));
      const otherLegs = others.map((one) => ({ evidence: one }));
      const number = data['Caller-Destination-Number'] ?? '';
      const all = { evidence, ...(otherLegs.length > 0 && { otherLegs }) };
      this.parts.listener()?.abandoned({ huntId, number, trunk, ...all });
    }
  }

  /**
   * A leg of our own dialplan was answered, or has failed.
   * @param left its hunt, if the caller is gone
   */
  private setUp(event: ChannelData, left?: string): void {
    const huntId = left ?? this.parts.huntOf(variable(event, 'originator') ?? '');
    const times = this.timesOf(event);
    const trunk = variable(event, 'crankback_trunk') ?? this.parts.trunkNames().trunkOf(event);
    // Without its hunt nobody knows any more which attempt it was.
    if (times && trunk !== undefined && huntId !== undefined)
      this.timings.setUp({ huntId, trunk, times });
  }

  private timesOf(event: ChannelData): LegTimes | undefined {
    const at = this.byOurClock(event);
    const id = event['Unique-ID'];
    const invitedAt = at('Created');
    if (!id || invitedAt === undefined) return undefined;
    const callId = callIdOf(event);
    const rangAt = at('Progress') ?? at('Progress-Media');
    const answeredAt = at('Answered');
    const endedAt = at('Hangup');
    return {
      ...{ id, invitedAt },
      ...(callId !== undefined && { callId }),
      ...(rangAt !== undefined && { rangAt }),
      ...(answeredAt !== undefined && { answeredAt }),
      ...(endedAt !== undefined && { endedAt }),
    };
  }

  /** The times of an event by our clock instead of FreeSWITCH's, as if the event had come at once. */
  private byOurClock(event: ChannelData): (name: ChannelTime) => number | undefined {
    const sentAt = integer(event['Event-Date-Timestamp']);
    const shift = sentAt === undefined ? 0 : this.parts.now() - sentAt / 1000;
    return (name) => {
      const at = timeOf(event, name);
      return at === undefined ? undefined : Math.round(at + shift);
    };
  }

  private trunkLeg(event: ChannelData): TrunkLeg {
    return {
      trunk: this.parts.trunkNames().trunkOf(event),
      callerId: variable(event, 'originator'),
    };
  }

  /** FreeSWITCH has no channel any more for a leg that it has given up. */
  private givenUp(uuid: string, event: ChannelData): void {
    const origin = originOf(event);
    const dialledAt = timeOf(event, 'Created');
    if ((origin !== 'no-response' && origin !== 'ours') || dialledAt === undefined) return;
    // Sofia tells a leg's Call-ID with its first response; before it, mirrored SIP knows whose offer it was. Only for this: with
    // bypassed media the offer is the caller's, who may send it twice, and evidence of a failure must not be another leg's.
    const offer = variable(event, 'rtp_local_sdp_str');
    const callId = callIdOf(event) ?? (offer && this.parts.mirror?.callIdOf(offer));
    const leg = { dialledAt, ...(callId !== undefined && { callId }) };
    this.reports.givenUp(this.trunkLeg(event), event['Channel-Name'] ?? uuid, leg);
  }

  /**
   * Reports an attempt of the user's own.
   * @param event its leg that was answered, or its first one
   * @param failed its legs, if none was answered
   */
  private observed(event: ChannelData, failed: readonly ChannelData[]): void {
    const trunk = this.parts.trunkNames().trunkOf(event);
    const answered = failed.length === 0;
    const at = this.clock.at(event);
    const overAt = at(answered ? 'Answered' : 'Hangup') ?? this.parts.now();
    const times = this.timesOf(event);
    const caller = callerOf(event);
    const attempt = {
      ...(times && { legId: times.id }),
      trunk: trunk ?? farEndOf(event),
      known: trunk !== undefined,
      leg: event['Channel-Name'] ?? '',
      ...(caller && { caller }),
      answered,
      number: event['Caller-Destination-Number'] ?? '',
      ...{ beganAt: at('Created') ?? overAt, overAt },
    };
    const report = ([evidence = [], ...others]: readonly (readonly Evidence[])[]): void => {
      const otherLegs = others.map((one) => ({ evidence: one }));
      const all = { evidence, ...(otherLegs.length > 0 && { otherLegs }) };
      this.parts.listener()?.observed({ ...attempt, ...all });
      if (times) this.timings.setUp({ trunk: attempt.trunk, times });
    };
    const late = failed.flatMap(
      (leg) => this.parts.mirrored.awaited(callIdOf(leg), [fromLeg(leg)]) ?? [],
    );
    const seen = () => failed.map((leg) => this.evidenceOf(leg));
    // No decision waits for it.
    const reported = late.length > 0 ? Promise.all(late).then(() => report(seen())) : undefined;
    if (caller) this.callers.attempt(caller.id, reported);
    if (!reported) report(seen());
  }

  private evidenceOf(leg: ChannelData): readonly Evidence[] {
    return [fromLeg(leg), ...this.parts.mirrored.evidence(callIdOf(leg))];
  }
}

/** Leg A, as leg B's events tell of it. */
function callerOf(leg: ChannelData): ObservedCaller | undefined {
  const id = variable(leg, 'originator');
  if (id === undefined) return undefined;
  const from = leg['Other-Leg-Caller-ID-Number'];
  const context = leg['Other-Leg-Context'];
  return {
    ...{ id, leg: leg['Other-Leg-Channel-Name'] ?? '' },
    extension: leg['Other-Leg-Destination-Number'] ?? '',
    ...(from && { from }),
    ...(context && { context }),
  };
}
