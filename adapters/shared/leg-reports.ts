import type { PbxListener, SipMirror } from '../../src/calls/ports';
import { LateAnswers, type GivenUpLeg } from './late-answers';
import type { MirroredLegs } from './mirrored-legs';

export interface LegReportsParts {
  readonly mirrored: MirroredLegs;
  /** The PBX's mirrored SIP, if any. */
  readonly mirror?: SipMirror | undefined;
  /** Unix time in milliseconds. */
  readonly now: () => number;
  /** The hunt in progress of a leg A. */
  readonly huntOf: (callerId: string) => string | undefined;
  readonly listener: () => PbxListener | undefined;
}

/** A leg's trunk and its leg A. */
export interface TrunkLeg {
  /** The policy's trunk; undefined for any other leg. */
  readonly trunk: string | undefined;
  /** Leg A; absent for a leg that was originated without one. */
  readonly callerId?: string | undefined;
}

/** Reports answers on trunk legs of any PBX, including legs that were given up before. */
export class LegReports {
  private readonly lateAnswers: LateAnswers | undefined;

  constructor(private readonly parts: LegReportsParts) {
    this.lateAnswers = parts.mirror && new LateAnswers(parts.mirror, parts.now);
  }

  /** Number of legs that were given up and may still be answered. */
  get lateAnswersAwaited(): number {
    return this.lateAnswers?.size ?? 0;
  }

  /** A leg of a hunt in progress was answered. */
  answered({ trunk, callerId = '' }: TrunkLeg, callId: string | undefined): void {
    const huntId = this.parts.huntOf(callerId);
    if (trunk === undefined || huntId === undefined) return;
    this.parts.listener()?.answered(huntId, trunk, this.parts.mirrored.earlier(callId));
  }

  /**
   * A leg ended without the far side's answer; reports it if the answer comes after all.
   * @param name the leg's name on the PBX
   */
  givenUp({ trunk, callerId = '' }: TrunkLeg, name: string, leg: GivenUpLeg): void {
    if (trunk === undefined) return;
    const huntId = this.parts.huntOf(callerId);
    const late = { trunk, leg: name, ...(huntId !== undefined && { huntId }) };
    void this.lateAnswers?.watch(leg, () => this.parts.listener()?.lateAnswer(late));
  }
}
