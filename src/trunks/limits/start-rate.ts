const SECOND_MS = 1_000;
/** Longest pause before a retry. */
const LONGEST_DELAY_MS = 60_000;
/** Fewer are not worth a look for old ones. */
const FEW = 32;

/** Starts of attempts on one trunk: never more than its limit within any one second. */
export class Starts {
  /** Unix time in milliseconds, including attempts that have not started yet; in no order. */
  private times: number[] = [];
  /** How many there may be until old ones are looked for: each start is looked at twice in the mean, whatever the rate. */
  private most = FEW;
  private addedAt = -Infinity;

  /** Whether an attempt may start then without exceeding the limit in any second around it. */
  mayStart(at: number, perSecond: number): boolean {
    return this.around(at) < perSecond;
  }

  /** Starts in the second before that moment and in the one behind it. */
  around(at: number): number {
    let around = 0;
    for (const time of this.times) if (Math.abs(time - at) < SECOND_MS) around += 1;
    return around;
  }

  /** Starts of the last second, and those still to come. */
  recent(now: number): number {
    let recent = 0;
    for (const time of this.times)
      if (time > now - SECOND_MS && time < now + LONGEST_DELAY_MS) recent += 1;
    return recent;
  }

  add(at: number, now: number): void {
    // After the clock was set back, starts far in the future must not stay.
    const isSetBack = now < this.addedAt;
    this.addedAt = now;
    if (isSetBack || this.times.length >= this.most) {
      const current = (time: number) => time > now - SECOND_MS && time < now + LONGEST_DELAY_MS;
      this.times = this.times.filter(current);
      this.most = Math.max(FEW, 2 * this.times.length);
    }
    this.times.push(at);
  }
}
