const SECOND_MS = 1_000;
/** No retry is put off for longer. */
const LONGEST_DELAY_MS = 60_000;

/** Starts of attempts on one trunk: never more than its limit within any one second. */
export class Starts {
  /** Unix time in milliseconds, also of attempts that are still to start; in no order. */
  private times: number[] = [];

  /** Whether an attempt may start then, without any second around it getting too full. */
  mayStart(at: number, perSecond: number): boolean {
    return this.times.filter((time) => Math.abs(time - at) < SECOND_MS).length < perSecond;
  }

  add(at: number, now: number): void {
    // A clock that was set back leaves starts far ahead behind; they must not stay.
    const current = (time: number) => time > now - SECOND_MS && time < now + LONGEST_DELAY_MS;
    this.times = this.times.filter(current);
    this.times.push(at);
  }
}
