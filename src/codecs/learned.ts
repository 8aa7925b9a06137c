import type { Codec } from '../model/media';

/** A carrier's change of codecs is noticed after a day at the latest. Milliseconds. */
export const LEARNED_FOR_MS = 24 * 60 * 60 * 1000;

/** Codecs offered first to a trunk, and until when (in milliseconds of the clock of `LearnedOffers`). */
export interface LearnedOffer {
  readonly codecs: readonly Codec[];
  readonly until: number;
}

interface Learned {
  readonly codecs: readonly Codec[];
  readonly at: number;
}

/**
 * Learned offers: codecs of accepted reoffers, to be offered first (`learn: true`). One entry per trunk of
 * the policy. The caller passes the times, in milliseconds of any one clock.
 */
export class LearnedOffers {
  private readonly learned = new Map<string, Learned>();

  /** The trunk accepted an offer of these codecs after it had refused another. */
  accepted(trunk: string, codecs: readonly Codec[], now: number): void {
    if (codecs.length > 0) this.learned.set(trunk, { codecs, at: now });
  }

  /**
   * The trunk refused an offer for its media, so what was learned is wrong.
   * @returns false if nothing was learned
   */
  refused(trunk: string): boolean {
    return this.learned.delete(trunk);
  }

  /** Codecs to offer the trunk first; undefined if nothing was learned or it has expired. */
  offerFor(trunk: string, now: number): readonly Codec[] | undefined {
    const offer = this.learned.get(trunk);
    if (!offer) return undefined;
    if (now - offer.at < LEARNED_FOR_MS) return offer.codecs;
    this.learned.delete(trunk);
    return undefined;
  }

  /** What was learned of the trunk, for the operator; undefined as in `offerFor`. */
  of(trunk: string, now: number): LearnedOffer | undefined {
    const codecs = this.offerFor(trunk, now);
    const at = this.learned.get(trunk)?.at;
    return codecs && at !== undefined ? { codecs, until: at + LEARNED_FOR_MS } : undefined;
  }
}
