import { isDelivered, isUnsent } from '../../../figures/seizure';
import type { HealthSettings } from '../../../policy/health-settings';
import type { AttemptOutcome } from '../attempt-outcome';
import { breachOf, MEASURES, seenOf, type Measure, type QualitySeen } from './breach';
import { QualityWindow } from './quality-window';

export type { QualitySeen } from './breach';

const NOTHING: readonly QualitySeen[] = [];

/** What says something of a trunk's quality. */
export type Sample =
  /** An attempt has ended, or was answered. */
  | { readonly kind: 'attempt'; readonly outcome: AttemptOutcome; readonly mark: number }
  /** An attempt could be heard so many milliseconds after its INVITE. */
  | { readonly kind: 'rang'; readonly delayMs: number }
  /** An answered call has ended after so many milliseconds. */
  | { readonly kind: 'talked'; readonly talkMs: number };

/**
 * Quality of one trunk, by ITU-T E.425: ASR is the answered share of seizures, NER the share of seizures that the network
 * delivered, which is answers and what the called side or its terminal says. The same reading as in figures and alerts
 * (`src/figures`). Only what has a bound is counted.
 */
export class Quality {
  private readonly windows: Partial<Record<Measure, QualityWindow>> = {};

  /** @param settings the trunk's now; they may change with the policy */
  constructor(private readonly settings: () => HealthSettings) {}

  /** @returns why the trunk is beyond one of its bounds by now, if it is */
  add(now: number, sample: Sample): string | undefined {
    const { quality } = this.settings();
    if (!quality) return undefined;
    switch (sample.kind) {
      case 'attempt': {
        const { outcome, mark } = sample;
        const failure = outcome.kind === 'failed' ? outcome.failure : undefined;
        if (failure && isUnsent(failure)) return undefined;
        return (
          this.count('asr', now, failure !== undefined, mark) ??
          this.count('ner', now, failure !== undefined && !isDelivered(failure), mark)
        );
      }
      case 'rang':
        return this.count('pdd', now, sample.delayMs > (quality.pdd?.above ?? Infinity));
      case 'talked':
        return this.count('shortCalls', now, sample.talkMs < (quality.shortCalls?.under ?? 0));
    }
  }

  /** What each bound has measured by now, whether it is enough to be judged or not. */
  seen(now: number): readonly QualitySeen[] {
    const { quality } = this.settings();
    if (!quality) return NOTHING;
    return MEASURES.flatMap((measure) =>
      seenOf(measure, quality, this.windows[measure]?.counts(now)),
    );
  }

  clear(): void {
    for (const measure of MEASURES) this.windows[measure]?.clear();
  }

  private count(
    measure: Measure,
    now: number,
    isShort: boolean,
    mark?: number,
  ): string | undefined {
    const { quality, trip } = this.settings();
    if (!quality?.[measure]) return undefined;
    const window = this.windowOf(measure);
    window.add(now, isShort, mark);
    return breachOf(measure, window.counts(now), quality, trip.distinctNumbers);
  }

  /** Made with the first call: of 10,000 trunks few have all bounds, and not all have calls. */
  private windowOf(measure: Measure): QualityWindow {
    return (this.windows[measure] ??= new QualityWindow({
      window: () => this.settings().quality?.[measure]?.window ?? Infinity,
      numbers: () => this.settings().trip.distinctNumbers,
    }));
  }
}
