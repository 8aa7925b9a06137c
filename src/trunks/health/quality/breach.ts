import type {
  DelaySettings,
  QualitySettings,
  RatioSettings,
  ShortCallSettings,
} from '../../../policy/health-settings';
import type { QualityCounts } from './quality-window';

export const MEASURES = ['asr', 'ner', 'pdd', 'shortCalls'] as const;
export type Measure = (typeof MEASURES)[number];

/** What one bound of the policy looks at, as it was measured. */
export interface QualitySeen {
  /** The policy's key. */
  readonly figure: 'asr' | 'ner' | 'pdd' | 'short_calls';
  /** Attempts or calls within the window; fewer than `minimum` say nothing. */
  readonly of: number;
  /**
   * ASR or NER; of `pdd` the share of attempts that rang later than `ms`, of `short_calls` that of calls that ended within
   * `ms`. Absent where there were none.
   */
  readonly share?: number;
  /** The trunk is held where `share` is below it (ASR, NER) or above it. */
  readonly bound: number;
  readonly minimum: number;
  /** Milliseconds. */
  readonly window: number;
  readonly ms?: number;
}

/** The 95th percentile of delays is above a bound exactly where more than this share of them are (nearest rank). */
const SLOWEST = 0.05;

/**
 * Why these counts are beyond the bound, with the figure that was measured; undefined where they are not, or are too few.
 * @param distinctNumbers different numbers that ASR and NER must have missed: one that nobody answers says nothing
 */
export function breachOf(
  measure: Measure,
  counts: QualityCounts,
  settings: QualitySettings,
  distinctNumbers: number,
): string | undefined {
  const bound = settings[measure];
  if (!bound || counts.of < bound.minimum) return undefined;
  switch (measure) {
    case 'asr':
    case 'ner':
      return counts.numbers < distinctNumbers
        ? undefined
        : tooFew(measure.toUpperCase(), counts, bound as RatioSettings);
    case 'pdd':
      return tooLate(counts, bound as DelaySettings);
    case 'shortCalls':
      return tooShort(counts, bound as ShortCallSettings);
  }
}

/** What a bound has measured; empty where the policy has no such bound. */
export function seenOf(
  measure: Measure,
  { asr, ner, pdd, shortCalls }: QualitySettings,
  { of, short }: Pick<QualityCounts, 'of' | 'short'> = { of: 0, short: 0 },
): readonly QualitySeen[] {
  const good = of > 0 && { share: (of - short) / of };
  const bad = of > 0 && { share: short / of };
  const ratio = measure === 'asr' ? asr : ner;
  switch (measure) {
    case 'asr':
    case 'ner': {
      if (!ratio) return [];
      const { share: bound, minimum, window } = ratio;
      return [{ figure: measure, of, ...good, bound, minimum, window }];
    }
    case 'pdd': {
      if (!pdd) return [];
      const { above: ms, minimum, window } = pdd;
      return [{ figure: 'pdd', of, ...bad, bound: SLOWEST, minimum, window, ms }];
    }
    case 'shortCalls': {
      if (!shortCalls) return [];
      const { share: bound, minimum, window, under: ms } = shortCalls;
      return [{ figure: 'short_calls', of, ...bad, bound, minimum, window, ms }];
    }
  }
}

function tooFew(name: string, { of, short }: QualityCounts, { share, window }: RatioSettings) {
  const measured = (of - short) / of;
  if (measured >= share) return undefined;
  return `${name} ${percent(measured, Math.floor)} of ${of} attempts in ${duration(window)}, below ${percent(share)}`;
}

function tooLate({ of, short }: QualityCounts, { above, window }: DelaySettings) {
  if (short <= SLOWEST * of) return undefined;
  return `PDD above ${duration(above)} for ${percent(short / of, Math.ceil)} of ${of} attempts that rang in ${duration(window)}, more than ${percent(SLOWEST)}`;
}

function tooShort({ of, short }: QualityCounts, { share, under, window }: ShortCallSettings) {
  if (short <= share * of) return undefined;
  return `${percent(short / of, Math.ceil)} of ${of} answered calls in ${duration(window)} ended within ${duration(under)}, above ${percent(share)}`;
}

/** @param round away from the bound, so that the figure never seems to be on it */
function percent(share: number, round: (share: number) => number = Math.round): string {
  return `${round(Number((share * 1_000).toFixed(6))) / 10}%`;
}

const UNITS = [
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const;

function duration(ms: number): string {
  const unit = UNITS.find(([, length]) => ms % length === 0);
  return unit ? `${ms / unit[1]}${unit[0]}` : `${ms}ms`;
}
