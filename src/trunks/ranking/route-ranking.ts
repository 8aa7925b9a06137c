import type { Ranking } from '../../policy/trunk-port';
import { QualityWindow, type QualityCounts } from '../health/quality/quality-window';

/** Long enough for the few calls that other trunks than the best one get. Milliseconds. */
const WINDOW_MS = 6 * 3_600_000;
/** Of fewer calls, chance decides. */
const LEAST_CALLS = 50;
/** A smaller difference of ASR is not worth another order: what is alike takes no turns. */
const MARGIN = 0.1;
/** A difference may be chance unless it is so many times its standard error: once in 740 looks at equal trunks. */
const ERRORS = 3;
/** How often the order is looked at. Milliseconds. */
const LOOK_MS = 10_000;
/** Trunks whose figures a decision tells. */
const MOST_TOLD = 4;

/**
 * The order of one route's trunks. It begins as in the file. Of two neighbours the lower one goes up once its ASR (ITU-T
 * E.425) is higher by the margin, and by more than chance explains; the same takes it down again. So two trunks whose ASR
 * differs by less than the margin keep the order that they have.
 */
export class RouteRanking {
  private order: string[];
  private readonly windows = new Map<string, QualityWindow>();
  private lookedAt = -Infinity;
  private present: Ranking;

  constructor(trunks: readonly string[]) {
    this.order = [...trunks];
    for (const trunk of trunks)
      this.windows.set(trunk, new QualityWindow({ window: () => WINDOW_MS, numbers: () => 0 }));
    this.present = { order: this.order, why: '' };
  }

  /** A first attempt that was sent has ended, or was answered. */
  attempted(trunk: string, answered: boolean, now: number): void {
    this.windows.get(trunk)?.add(now, !answered);
  }

  /** Looks at the figures anew where the last look is long ago, or where the clock was set back. */
  at(now: number): Ranking {
    if (now < this.lookedAt || now - this.lookedAt >= LOOK_MS) this.look(now);
    return this.present;
  }

  private look(now: number): void {
    this.lookedAt = now;
    const figures = new Map([...this.windows].map(([name, window]) => [name, window.counts(now)]));
    const order = [...this.order];
    // From the last one up: the best one may come to the front at once.
    for (let place = order.length - 1; place > 0; place--) {
      const [upper = '', lower = ''] = order.slice(place - 1, place + 1);
      if (isBetter(figures.get(lower), figures.get(upper)))
        order.splice(place - 1, 2, lower, upper);
    }
    this.order = order;
    this.present = { order, why: told(order, figures) };
  }
}

/** Whether one trunk is better than the other by more than the margin, and by more than chance (two proportions, pooled). */
function isBetter(one: QualityCounts | undefined, other: QualityCounts | undefined): boolean {
  if (!one || !other || one.of < LEAST_CALLS || other.of < LEAST_CALLS) return false;
  const difference = asr(one) - asr(other);
  const pooled = 1 - (one.short + other.short) / (one.of + other.of);
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / one.of + 1 / other.of));
  return difference >= MARGIN && difference >= ERRORS * error;
}

function asr({ of, short }: QualityCounts): number {
  return (of - short) / of;
}

function told(order: readonly string[], figures: ReadonlyMap<string, QualityCounts>): string {
  const texts = order.slice(0, MOST_TOLD).map((name) => {
    const counts = figures.get(name);
    return !counts || counts.of < LEAST_CALLS
      ? `${name} (too few calls)`
      : `${name} (ASR ${Math.round(asr(counts) * 100)}% of ${counts.of})`;
  });
  const more = order.length - texts.length;
  return [...texts, ...(more > 0 ? [`${more} more`] : [])].join(', ');
}
