const SECOND_MS = 1_000;
/** Longest pause before a retry. */
const LONGEST_DELAY_MS = 60_000;

/** Starts of attempts on one trunk: never more than its limit within any one second. */
export class Starts {
  /** Unix time in milliseconds, including attempts that have not started yet; in no order. */
  private times: number[] = [];

  /** Whether an attempt may start then without exceeding the limit in any second around it. */
  mayStart(at: number, perSecond: number): boolean {
    return this.times.filter((time) => Math.abs(time - at) < SECOND_MS).length < perSecond;
  }

  add(at: number, now: number): void {
    // After the clock was set back, starts far in the future must not stay.
    const current = (time: number) => time > now - SECOND_MS && time < now + LONGEST_DELAY_MS;
    this.times = this.times.filter(current);
    this.times.push(at);
  }
}
