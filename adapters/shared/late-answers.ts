import type { SipMirror } from '../../src/calls/ports';

/** A leg that has just ended without an answer. */
export interface GivenUpLeg {
  /** Call-ID of its SIP; absent if unknown. */
  readonly callId?: string;
  /** Unix time in milliseconds. */
  readonly dialledAt: number;
}

/** RFC 3261 17.1.1.2: an unanswered INVITE is retransmitted until Timer B, 64 × T1. Milliseconds. */
const TIMER_B = 32_000;

/**
 * Detects answers to legs that were given up. The PBX has no channel for them any more, so only its
 * mirrored SIP shows the answer.
 */
export class LateAnswers {
  private watched = 0;

  constructor(
    private readonly mirror: Pick<SipMirror, 'awaitFinal'>,
    private readonly now: () => number,
  ) {}

  /** Number of legs that may still be answered. */
  get size(): number {
    return this.watched;
  }

  /** @param answered called at most once, if the ended leg is answered after all */
  async watch({ callId, dialledAt }: GivenUpLeg, answered: () => void): Promise<void> {
    if (callId === undefined) return;
    const withinMs = dialledAt + TIMER_B - this.now();
    this.watched += 1;
    const sip = await this.mirror.awaitFinal(callId, { withinMs });
    this.watched -= 1;
    if (sip?.kind === 'answered') answered();
  }
}
