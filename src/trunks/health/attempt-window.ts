import type { TripSettings } from '../../policy/health-settings';
import { Slots } from './slots';

/** Recent counts of a trunk. The counts of numbers stop at the settings' threshold. */
export interface Counts {
  /** Within the window: faults, and attempts that show that the trunk works. */
  readonly attempts: number;
  readonly faults: number;
  /** Different numbers with a fault in the window. */
  readonly numbers: number;
  /** Faults since the trunk last worked. */
  readonly streak: number;
  /** Different numbers in the streak. */
  readonly streakNumbers: number;
}

export const NO_COUNTS: Counts = {
  attempts: 0,
  faults: 0,
  numbers: 0,
  streak: 0,
  streakNumbers: 0,
};

/** The condition for a trip that these counts meet. */
export function reasonToTrip(counts: Counts, trip: TripSettings): 'streak' | 'ratio' | undefined {
  const { streak, streakNumbers, attempts, faults, numbers } = counts;
  if (streak >= trip.consecutive && streakNumbers >= trip.distinctNumbers) return 'streak';
  const enough = attempts >= trip.ratio.minimum && faults >= trip.ratio.share * attempts;
  return enough && numbers >= trip.distinctNumbers ? 'ratio' : undefined;
}

interface SlotCounts {
  attempts: number;
  faults: number;
  readonly marks: Set<number>;
}

/** Counts of one trunk; memory does not depend on the number of calls. */
export class AttemptWindow {
  private readonly slots: Slots<SlotCounts>;
  private streak = 0;
  private readonly streakMarks = new Set<number>();

  /** @param trip the settings now; they may change with the policy */
  constructor(private readonly trip: () => TripSettings) {
    this.slots = new Slots(
      () => ({ attempts: 0, faults: 0, marks: new Set<number>() }),
      () => this.trip().ratio.window,
    );
  }

  /** @param mark of the dialled number, see numberMark */
  fault(now: number, mark: number): void {
    const slot = this.slots.at(now);
    slot.attempts += 1;
    slot.faults += 1;
    this.streak += 1;
    this.note(slot.marks, mark);
    this.note(this.streakMarks, mark);
  }

  worked(now: number): void {
    this.slots.at(now).attempts += 1;
    this.streak = 0;
    this.streakMarks.clear();
  }

  counts(now: number): Counts {
    const marks = new Set<number>();
    let attempts = 0;
    let faults = 0;
    for (const slot of this.slots.within(now)) {
      attempts += slot.attempts;
      faults += slot.faults;
      for (const mark of slot.marks) this.note(marks, mark);
    }
    return {
      attempts,
      faults,
      numbers: marks.size,
      streak: this.streak,
      streakNumbers: this.streakMarks.size,
    };
  }

  clear(): void {
    this.slots.clear();
    this.streak = 0;
    this.streakMarks.clear();
  }

  /** More marks than the settings' threshold would make no difference. */
  private note(marks: Set<number>, mark: number): void {
    if (marks.size < this.trip().distinctNumbers) marks.add(mark);
  }
}
