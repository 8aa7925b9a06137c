import type { PbxListener, SipMirror } from '../../src/calls/ports';
import { LateAnswers, type GivenUpLeg } from './late-answers';
import type { MirroredLegs } from './mirrored-legs';

export interface LegReportsParts {
  readonly mirrored: MirroredLegs;
  /** The SIP that the PBX mirrors, where it does. */
  readonly mirror?: SipMirror | undefined;
  /** Unix time in milliseconds. */
  readonly now: () => number;
  /** The hunt under way of a leg A. */
  readonly huntOf: (callerId: string) => string | undefined;
  readonly listener: () => PbxListener | undefined;
}

/** Whose leg it is. */
export interface TrunkLeg {
  /** The policy's trunk; undefined for a leg to anything else. */
  readonly trunk: string | undefined;
  /** Leg A; absent for a leg that was originated without one. */
  readonly callerId?: string | undefined;
}

/** What is told of legs of trunks, whatever the PBX: that they were answered, also after they were given up. */
export class LegReports {
  private readonly lateAnswers: LateAnswers | undefined;

  constructor(private readonly parts: LegReportsParts) {
    this.lateAnswers = parts.mirror && new LateAnswers(parts.mirror, parts.now);
  }

  /** Legs that were given up and may still be answered. */
  get lateAnswersAwaited(): number {
    return this.lateAnswers?.size ?? 0;
  }

  /** A leg of a hunt under way was answered. */
  answered({ trunk, callerId = '' }: TrunkLeg, callId: string | undefined): void {
    const huntId = this.parts.huntOf(callerId);
    if (trunk === undefined || huntId === undefined) return;
    this.parts.listener()?.answered(huntId, trunk, this.parts.mirrored.earlier(callId));
  }

  /**
   * A leg has ended without the far side's word: should that answer after all, its trunk is told of.
   * @param name the leg's name on the PBX
   */
  givenUp({ trunk, callerId = '' }: TrunkLeg, name: string, leg: GivenUpLeg): void {
    if (trunk === undefined) return;
    const huntId = this.parts.huntOf(callerId);
    const late = { trunk, leg: name, ...(huntId !== undefined && { huntId }) };
    void this.lateAnswers?.watch(leg, () => this.parts.listener()?.lateAnswer(late));
  }
}
