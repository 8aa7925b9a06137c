import type { CallEvent } from '../events/call-event';
import type { Failure } from '../model/failure';
import type { Outcome } from '../policy/decision/decision';
import type { TrunkStore } from '../trunks/trunk-store';
import type { HuntsInProgress } from './hunts-in-progress';

export interface SecondOffersParts {
  /** Name of the PBX in events. */
  readonly pbx: string;
  readonly trunks: Pick<TrunkStore, 'learn' | 'unlearn'>;
  readonly hunts: HuntsInProgress;
  /** Makes every plan in progress void. */
  readonly raiseGeneration: () => void;
  readonly emit: (event: CallEvent) => void;
  /** Unix time in milliseconds. */
  readonly now: () => number;
}

/** Learns reoffers that were accepted, to offer them first (`learn: true`). */
export class SecondOffers {
  constructor(private readonly parts: SecondOffersParts) {}

  /** An attempt begins; any earlier one of the hunt is over. */
  attemptBegan(huntId: string, outcome: Outcome): void {
    const hunt = this.parts.hunts.find(huntId);
    if (!hunt) return;
    const teaches = outcome.kind === 'dial' && outcome.reoffer?.learn;
    hunt.offerToLearn =
      teaches && outcome.codecs ? { trunk: outcome.trunk, codecs: outcome.codecs } : undefined;
  }

  answered(huntId: string, trunk: string): void {
    const { pbx, hunts, trunks, emit, raiseGeneration, now } = this.parts;
    const offer = hunts.find(huntId)?.offerToLearn;
    if (offer?.trunk !== trunk) return;
    trunks.learn(trunk, offer.codecs, now());
    raiseGeneration();
    emit({ kind: 'offer-learned', at: now(), pbx, hunt: huntId, ...offer });
  }

  failed(huntId: string, trunk: string, failure: Failure): void {
    const { pbx, trunks, emit, raiseGeneration, now } = this.parts;
    if (failure.class !== 'codec-mismatch' || !trunks.unlearn(trunk)) return;
    raiseGeneration();
    emit({ kind: 'offer-forgotten', at: now(), pbx, hunt: huntId, trunk });
  }
}
