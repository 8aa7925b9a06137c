import type { Failure } from '../model/failure';
import type { Outcome } from '../policy/decision';
import type { TrunkStore } from '../trunks/trunk-store';
import type { Chronicle } from './chronicle';
import type { HuntsUnderWay } from './under-way';

export interface LessonsParts {
  readonly trunks: Pick<TrunkStore, 'learn' | 'unlearn'>;
  readonly hunts: HuntsUnderWay;
  readonly chronicle: Pick<Chronicle, 'offerLearned' | 'offerForgotten'>;
  /** Makes every plan void that is under way. */
  readonly raiseEpoch: () => void;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Turns second offers that were accepted into first ones (`learn: true`). */
export class Lessons {
  constructor(private readonly parts: LessonsParts) {}

  /** An attempt begins; any earlier one of the hunt is over. */
  begin(huntId: string, outcome: Outcome): void {
    const hunt = this.parts.hunts.find(huntId);
    if (!hunt) return;
    const teaches = outcome.kind === 'dial' && outcome.reoffer?.learn;
    hunt.lesson =
      teaches && outcome.codecs ? { trunk: outcome.trunk, codecs: outcome.codecs } : undefined;
  }

  answered(huntId: string, trunk: string): void {
    const { hunts, trunks, chronicle, raiseEpoch, now } = this.parts;
    const lesson = hunts.find(huntId)?.lesson;
    if (lesson?.trunk !== trunk) return;
    trunks.learn(trunk, lesson.codecs, now());
    raiseEpoch();
    chronicle.offerLearned(huntId, lesson);
  }

  failed(huntId: string, trunk: string, failure: Failure): void {
    const { trunks, chronicle, raiseEpoch } = this.parts;
    if (failure.class !== 'codec-mismatch' || !trunks.unlearn(trunk)) return;
    raiseEpoch();
    chronicle.offerForgotten(huntId, trunk);
  }
}
