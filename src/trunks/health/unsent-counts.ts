import type { TripSettings } from '../../policy/health-settings';

/** Counts of one instance since it last sent any to the others. */
export interface Delta {
  readonly attempts: number;
  readonly faults: number;
  /** Whether the trunk worked at least once, which ends every earlier streak. */
  readonly worked: boolean;
  /** Faults since the trunk last worked. */
  readonly streak: number;
  /** Marks of numbers with a fault, at most `distinctNumbers`. */
  readonly marks: readonly number[];
  /** Marks of the streak. */
  readonly streakMarks: readonly number[];
}

/** Counts not yet sent to the other instances; its size depends on neither calls nor time. */
export class UnsentCounts {
  private attempts = 0;
  private faults = 0;
  private didWork = false;
  private streak = 0;
  private readonly marks = new Set<number>();
  private readonly streakMarks = new Set<number>();
  private since = 0;

  /**
   * @param trip the settings now: `distinctNumbers` limits the marks kept; counts older than the window are dropped,
   * for example when the store cannot be reached
   */
  constructor(private readonly trip: () => TripSettings) {}

  fault(now: number, mark: number): void {
    this.begin(now);
    this.attempts += 1;
    this.faults += 1;
    this.streak += 1;
    const { distinctNumbers } = this.trip();
    if (this.marks.size < distinctNumbers) this.marks.add(mark);
    if (this.streakMarks.size < distinctNumbers) this.streakMarks.add(mark);
  }

  worked(now: number): void {
    this.begin(now);
    this.attempts += 1;
    this.didWork = true;
    this.streak = 0;
    this.streakMarks.clear();
  }

  /** Returns all counts and starts again from zero; undefined if there are none. */
  take(now: number): Delta | undefined {
    this.dropOld(now);
    if (this.attempts === 0) return undefined;
    const delta = {
      attempts: this.attempts,
      faults: this.faults,
      worked: this.didWork,
      streak: this.streak,
      marks: [...this.marks],
      streakMarks: [...this.streakMarks],
    };
    this.clear();
    return delta;
  }

  clear(): void {
    this.attempts = 0;
    this.faults = 0;
    this.didWork = false;
    this.streak = 0;
    this.marks.clear();
    this.streakMarks.clear();
  }

  private begin(now: number): void {
    this.dropOld(now);
    if (this.attempts === 0) this.since = now;
  }

  private dropOld(now: number): void {
    if (this.attempts > 0 && now - this.since >= this.trip().ratio.window) this.clear();
  }
}
