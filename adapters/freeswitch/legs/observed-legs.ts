import type { PbxListener, SipMirror } from '../../../src/calls/ports';
import { LateAnswers } from '../../shared/late-answers';
import type { MirroredLegs } from '../../shared/mirrored-legs';
import { callIdOf, timeOf, variable, type ChannelData } from '../esl/channel-data';
import { fromLeg } from './evidence';
import { EndedLegs } from './legs';
import { missedAnswers, type ChannelRow } from './missed-events';
import { placeOfLeg, type TrunkNames } from '../trunks/trunk-names';

export interface WatchedLegsParts {
  readonly mirrored: MirroredLegs;
  readonly mirror: SipMirror | undefined;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly trunkNames: () => TrunkNames;
  /** The hunt under way of a leg A. */
  readonly huntOf: (callerId: string) => string | undefined;
  readonly listener: () => PbxListener | undefined;
}

/** Every outbound leg, as channel events tell of it. */
export class WatchedLegs {
  readonly ended = new EndedLegs();
  private readonly lateAnswers: LateAnswers | undefined;
  /** Answered legs that have been reported. */
  private readonly answered = new Set<string>();
  private wasConnected = false;

  constructor(private readonly parts: WatchedLegsParts) {
    this.lateAnswers = parts.mirror && new LateAnswers(parts.mirror, parts.now);
  }

  tracked(): Readonly<Record<string, number>> {
    return {
      legs: this.ended.size,
      answered: this.answered.size,
      lateAnswers: this.lateAnswers?.size ?? 0,
    };
  }

  /** CHANNEL_HANGUP_COMPLETE where `over`, otherwise CHANNEL_ANSWER. */
  apply(uuid: string, over: boolean, event: ChannelData): void {
    const answered = timeOf(event, 'Answered') !== undefined;
    // Where our dialplan runs, its report decides; events alone speak for all other calls.
    const ours = variable(event, 'crankback_ours') === '1';
    if (over && !answered) {
      this.watchForAnswer(uuid, event);
      const leg = this.ended.add(uuid, variable(event, 'originator'), event);
      if (ours || leg.counted) return;
      leg.counted = true;
      this.observed(event, false);
      return;
    }
    if (!this.answered.has(uuid)) {
      if (!ours) this.observed(event, true);
      else if (!over) this.answeredOurs(event);
    }
    if (over) this.answered.delete(uuid);
    else this.answered.add(uuid);
  }

  /** What happened while nobody listened sent its events to nobody. */
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
    // Whatever was up before this process began is no news.
    if (isFirst) for (const uuid of up) this.answered.add(uuid);
    const isKnown = (uuid: string) => this.answered.has(uuid);
    for (const data of await missedAnswers(channels, isKnown, dump)) {
      this.apply(data['Unique-ID'] ?? '', false, data);
    }
  }

  private answeredOurs(event: ChannelData): void {
    const trunk = this.parts.trunkNames().trunkOf(event);
    const huntId = this.parts.huntOf(variable(event, 'originator') ?? '');
    if (trunk === undefined || huntId === undefined) return;
    const earlier = this.parts.mirrored.earlier(callIdOf(event));
    this.parts.listener()?.answered(huntId, trunk, earlier);
  }

  /** FreeSWITCH has no channel any more for a leg that it has given up. */
  private watchForAnswer(uuid: string, event: ChannelData): void {
    const { trunkNames, huntOf, listener } = this.parts;
    const { origin } = fromLeg(event);
    const trunk = trunkNames().trunkOf(event);
    const dialledAt = timeOf(event, 'Created');
    const givenUp = origin === 'silence' || origin === 'ours';
    if (!givenUp || trunk === undefined || dialledAt === undefined) return;
    const callId = callIdOf(event);
    const huntId = huntOf(variable(event, 'originator') ?? '');
    const late = {
      trunk,
      leg: event['Channel-Name'] ?? uuid,
      ...(huntId !== undefined && { huntId }),
    };
    const leg = { dialledAt, ...(callId !== undefined && { callId }) };
    void this.lateAnswers?.watch(leg, () => listener()?.lateAnswer(late));
  }

  private observed(event: ChannelData, answered: boolean): void {
    const trunk = this.parts.trunkNames().trunkOf(event);
    const begun = timeOf(event, 'Created');
    const over = timeOf(event, answered ? 'Answered' : 'Hangup');
    const mirrored = this.parts.mirrored.evidence(callIdOf(event));
    this.parts.listener()?.observed({
      trunk: trunk ?? placeOfLeg(event),
      known: trunk !== undefined,
      leg: event['Channel-Name'] ?? '',
      answered,
      number: event['Caller-Destination-Number'] ?? '',
      evidence: answered ? [] : [fromLeg(event), ...mirrored],
      durationMs: begun !== undefined && over !== undefined ? Math.round(over - begun) : 0,
    });
  }
}
