import type { RetryBudget } from '../../policy/policy-data';

/** As in Linkerd: long enough for a meaningful ratio, short enough to forget a bad minute. */
const WINDOW_SECONDS = 10;

interface Second {
  second: number;
  calls: number;
  retries: number;
}

/** Calls and retries of the last ten seconds, in whole seconds. */
export class RetryWindow {
  private readonly seconds: Second[] = Array.from({ length: WINDOW_SECONDS }, () => ({
    second: -1,
    calls: 0,
    retries: 0,
  }));

  count(what: 'calls' | 'retries', now: number): void {
    const second = Math.floor(now / 1_000);
    const slot = this.seconds[((second % WINDOW_SECONDS) + WINDOW_SECONDS) % WINDOW_SECONDS];
    if (!slot) return;
    if (slot.second !== second) Object.assign(slot, { second, calls: 0, retries: 0 });
    slot[what] += 1;
  }

  /** Whole retries left now; may be negative after the budget was reduced. */
  left({ ratio, minPerSecond }: RetryBudget, now: number): number {
    const second = Math.floor(now / 1_000);
    const current = this.seconds.filter(
      (slot) => slot.second > second - WINDOW_SECONDS && slot.second <= second,
    );
    const calls = current.reduce((sum, slot) => sum + slot.calls, 0);
    const retries = current.reduce((sum, slot) => sum + slot.retries, 0);
    return Math.floor(calls * ratio + minPerSecond * WINDOW_SECONDS) - retries;
  }
}
