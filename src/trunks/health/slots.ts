/** A window drops old counts in tenths: ten counters instead of one time per call. */
export const SLOTS = 10;

interface Slot<Count> {
  /** Time divided by the length of a slot; distinguishes old slots from the present one. */
  readonly index: number;
  readonly count: Count;
}

/** Counts over a window of time. Memory does not depend on the number of calls. */
export class Slots<Count> {
  private slots: Slot<Count>[] = [];
  private length = 0;

  /**
   * @param empty a counter for a new slot
   * @param window the length of the window now, in milliseconds; it may change with the policy
   */
  constructor(
    private readonly empty: () => Count,
    private readonly window: () => number,
  ) {}

  /** The counter for what happens now. */
  at(now: number): Count {
    this.forgetOld(now);
    const index = Math.floor(now / this.length);
    const last = this.slots.at(-1);
    // After the clock was set back, counts go into the newest slot.
    if (last && last.index >= index) return last.count;
    const count = this.empty();
    this.slots.push({ index, count });
    return count;
  }

  /** The counters of the window, the oldest first; ten, or a few more after the clock was set back. */
  within(now: number): readonly Count[] {
    this.forgetOld(now);
    return this.slots.map(({ count }) => count);
  }

  clear(): void {
    this.slots = [];
  }

  private forgetOld(now: number): void {
    const length = this.window() / SLOTS;
    // Slots of another length cannot be compared.
    if (length !== this.length) this.slots = [];
    this.length = length;
    const oldest = Math.floor(now / length) - SLOTS + 1;
    // After the clock was set back far, future slots would otherwise stay for ever.
    const newest = oldest + 2 * SLOTS;
    const isPresent = ({ index }: Slot<Count>) => index >= oldest && index <= newest;
    if (!this.slots.every(isPresent)) this.slots = this.slots.filter(isPresent);
  }
}
