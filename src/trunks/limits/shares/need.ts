/** What was needed is needed again for so long: longer than a gap between calls. Milliseconds. */
const HALF_MS = 5_000;
/** A limit is told apart in so many steps; less is not worth a word to the others. */
const STEPS = 16;

/** The most that was needed in the last five to ten seconds. */
export class Need {
  private since = -Infinity;
  private most = 0;
  private before = 0;

  /** @param now Unix time in milliseconds */
  note(need: number, now: number): void {
    const age = now - this.since;
    if (age >= HALF_MS || age < 0) {
      this.before = age < 2 * HALF_MS && age >= 0 ? this.most : 0;
      this.most = 0;
      this.since = now;
    }
    this.most = Math.max(this.most, need);
  }

  /** In steps, rounded up; never more than the limit. */
  level(limit: number): number {
    const step = Math.max(1, Math.ceil(limit / STEPS));
    const most = Math.max(this.most, this.before);
    return Math.min(limit, Math.ceil(most / step) * step);
  }
}
