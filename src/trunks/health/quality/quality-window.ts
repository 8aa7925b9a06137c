import { Slots } from '../slots';

/** What one bound looks at, within its window. */
export interface QualityCounts {
  /** Attempts, or calls, that say something. */
  readonly of: number;
  /** Of these, those that fall short of it. */
  readonly short: number;
  /** Different numbers among `short`, as far as they matter. */
  readonly numbers: number;
}

interface SlotCounts {
  of: number;
  short: number;
  readonly marks: Set<number>;
}

export interface QualityWindowParts {
  /** Milliseconds; read anew each time, because the policy may change. */
  readonly window: () => number;
  /** More different numbers than these would make no difference. */
  readonly numbers: () => number;
}

/** Counts of one bound of one trunk; memory does not depend on the number of calls. */
export class QualityWindow {
  private readonly slots: Slots<SlotCounts>;

  constructor(private readonly parts: QualityWindowParts) {
    this.slots = new Slots(() => ({ of: 0, short: 0, marks: new Set() }), parts.window);
  }

  /** @param mark of the number that fell short, see numberMark; absent where the number is not known */
  add(now: number, isShort: boolean, mark?: number): void {
    const slot = this.slots.at(now);
    slot.of += 1;
    if (!isShort) return;
    slot.short += 1;
    if (mark !== undefined && slot.marks.size < this.parts.numbers()) slot.marks.add(mark);
  }

  counts(now: number): QualityCounts {
    const marks = new Set<number>();
    let of = 0;
    let short = 0;
    for (const slot of this.slots.within(now)) {
      of += slot.of;
      short += slot.short;
      for (const mark of slot.marks) marks.add(mark);
    }
    return { of, short, numbers: Math.min(marks.size, this.parts.numbers()) };
  }

  clear(): void {
    this.slots.clear();
  }
}
