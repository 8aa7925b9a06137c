import type { PbxListener, SipMirror } from '../../../src/calls/ports';
import type { Evidence } from '../../../src/model/failure';
import { LegReports, type TrunkLeg } from '../../shared/leg-reports';
import type { MirroredLegs } from '../../shared/mirrored-legs';
import { callIdOf, timeOf, variable, type ChannelData } from '../esl/channel-data';
import { fromLeg } from './evidence';
import { EndedLegs, type EndedLeg } from './legs';
import { missedAnswers, type ChannelRow } from './missed-events';
import { farEndOf, type TrunkNames } from '../trunks/trunk-names';

export interface ObservedLegsParts {
  readonly mirrored: MirroredLegs;
  readonly mirror: SipMirror | undefined;
  /** Unix time in milliseconds. */
  readonly now: () => number;
  readonly trunkNames: () => TrunkNames;
  /** The hunt in progress of a leg A. */
  readonly huntOf: (callerId: string) => string | undefined;
  readonly listener: () => PbxListener | undefined;
}

/** Every outbound leg, from channel events. */
export class ObservedLegs {
  readonly ended = new EndedLegs();
  private readonly reports: LegReports;
  /** Answered legs that have been reported. */
  private readonly answered = new Set<string>();
  private wasConnected = false;

  constructor(private readonly parts: ObservedLegsParts) {
    this.reports = new LegReports(parts);
  }

  tracked(): Readonly<Record<string, number>> {
    return {
      legs: this.ended.size,
      answered: this.answered.size,
      lateAnswers: this.reports.lateAnswersAwaited,
    };
  }

  /** Takes CHANNEL_HANGUP_COMPLETE if `over`, otherwise CHANNEL_ANSWER. */
  apply(uuid: string, over: boolean, event: ChannelData): void {
    const answered = timeOf(event, 'Answered') !== undefined;
    // In our dialplan its report decides; for all other calls events are the only source.
    const ours = variable(event, 'crankback_ours') === '1';
    if (over && !answered) {
      this.givenUp(uuid, event);
      const leg = this.ended.add(uuid, variable(event, 'originator'), event);
      const left = this.ended.leftHunt(leg);
      if (left !== undefined) this.reportLeft(left, [leg]);
      if (ours || leg.counted) return;
      leg.counted = true;
      this.observed(event, false);
      return;
    }
    const attempt = ours ? variable(event, 'crankback_leg') : undefined;
    if (attempt !== undefined) this.ended.settle(attempt);
    if (!this.answered.has(uuid)) {
      if (!ours) this.observed(event, true);
      else if (!over) this.reports.answered(this.trunkLeg(event), callIdOf(event));
    }
    if (over) this.answered.delete(uuid);
    else this.answered.add(uuid);
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
    const up = new Set(channels.flatMap((one) => (one.outbound && one.up ? [one.uuid] : [])));
    for (const uuid of this.answered) if (!up.has(uuid)) this.answered.delete(uuid);
    // Legs that were up before this process began are not reported.
    if (isFirst) for (const uuid of up) this.answered.add(uuid);
    const isKnown = (uuid: string) => this.answered.has(uuid);
    for (const data of await missedAnswers(channels, isKnown, dump)) {
      this.apply(data['Unique-ID'] ?? '', false, data);
    }
  }

  /** A caller is gone, with its hunt if it had one. */
  callerGone(callerId: string, hunt: string | undefined): void {
    if (hunt !== undefined) this.reportLeft(hunt, this.ended.untoldOf(callerId));
    this.ended.forgetCaller(callerId, hunt);
  }

  /** Attempts that the caller has left, each once: no handover will report them. */
  private reportLeft(huntId: string, legs: readonly EndedLeg[]): void {
    for (const { attempt = '', told, data } of legs) {
      const trunk = variable(data, 'crankback_trunk');
      if (told || trunk === undefined) continue;
      this.ended.settle(attempt);
      const [evidence = [], ...others] = legs
        .filter((leg) => leg.attempt === attempt)
        .map((leg) => [fromLeg(leg.data), ...this.parts.mirrored.evidence(callIdOf(leg.data))]);
      const otherLegs = others.map((one) => ({ evidence: one }));
      const number = data['Caller-Destination-Number'] ?? '';
      const all = { evidence, ...(otherLegs.length > 0 && { otherLegs }) };
      this.parts.listener()?.abandoned({ huntId, number, trunk, ...all });
    }
  }

  private trunkLeg(event: ChannelData): TrunkLeg {
    return {
      trunk: this.parts.trunkNames().trunkOf(event),
      callerId: variable(event, 'originator'),
    };
  }

  /** FreeSWITCH has no channel any more for a leg that it has given up. */
  private givenUp(uuid: string, event: ChannelData): void {
    const { origin } = fromLeg(event);
    const dialledAt = timeOf(event, 'Created');
    if ((origin !== 'no-response' && origin !== 'ours') || dialledAt === undefined) return;
    const callId = callIdOf(event);
    const leg = { dialledAt, ...(callId !== undefined && { callId }) };
    this.reports.givenUp(this.trunkLeg(event), event['Channel-Name'] ?? uuid, leg);
  }

  private observed(event: ChannelData, answered: boolean): void {
    const trunk = this.parts.trunkNames().trunkOf(event);
    const begun = timeOf(event, 'Created');
    const over = timeOf(event, answered ? 'Answered' : 'Hangup');
    const attempt = {
      trunk: trunk ?? farEndOf(event),
      known: trunk !== undefined,
      leg: event['Channel-Name'] ?? '',
      answered,
      number: event['Caller-Destination-Number'] ?? '',
      durationMs: begun !== undefined && over !== undefined ? Math.round(over - begun) : 0,
    };
    const report = (evidence: readonly Evidence[]): void =>
      this.parts.listener()?.observed({ ...attempt, evidence });
    if (answered) return report([]);
    const told = fromLeg(event);
    const callId = callIdOf(event);
    // No decision waits for it.
    const late = this.parts.mirrored.awaited(callId, [told]);
    if (late) void late.then((more) => report([told, ...more]));
    else report([told, ...this.parts.mirrored.evidence(callId)]);
  }
}
