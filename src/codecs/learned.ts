import type { Codec } from '../model/media';

/** A carrier that changes its codecs is found out the next day at the latest. Milliseconds. */
export const LEARNED_FOR_MS = 24 * 60 * 60 * 1000;

/** What is offered first to a trunk, and until when (Unix time in milliseconds). */
export interface LearnedOffer {
  readonly trunk: string;
  readonly codecs: readonly Codec[];
  readonly until: number;
}

interface Learned {
  readonly codecs: readonly Codec[];
  readonly at: number;
}

/**
 * What accepted re-offers taught about trunks: which codecs to offer first (`learn: true`). One entry
 * per trunk of the policy. Times are milliseconds of any one clock, handed in.
 */
export class LearnedOffers {
  private readonly learned = new Map<string, Learned>();

  /** The trunk answered an offer of these codecs after it had refused another one. */
  accepted(trunk: string, codecs: readonly Codec[], now: number): void {
    if (codecs.length > 0) this.learned.set(trunk, { codecs, at: now });
  }

  /** The trunk refused an offer for its media: whatever was learned is wrong now. False for nothing. */
  refused(trunk: string): boolean {
    return this.learned.delete(trunk);
  }

  /** What to offer the trunk first; undefined where nothing is known, or not any more. */
  offerFor(trunk: string, now: number): readonly Codec[] | undefined {
    const offer = this.learned.get(trunk);
    if (!offer) return undefined;
    if (now - offer.at < LEARNED_FOR_MS) return offer.codecs;
    this.learned.delete(trunk);
    return undefined;
  }

  /** For the operator: what is in force. */
  all(now: number): readonly LearnedOffer[] {
    return [...this.learned]
      .map(([trunk, { codecs, at }]) => ({ trunk, codecs, until: at + LEARNED_FOR_MS }))
      .filter(({ until }) => now < until);
  }
}
