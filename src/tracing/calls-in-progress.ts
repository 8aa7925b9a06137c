import { huntName } from '../model/hunt-name';
import type { TraceNote } from './note';

/** A call that is longer is traced as far as it went: its end was missed. Milliseconds. */
const LONGEST_MS = 24 * 3_600_000;
/** As many as a pipeline follows. */
const MOST_CALLS = 20_000;
/** Of one call; what comes later is left out. */
const MOST_NOTES = 100;

interface Noted {
  readonly notes: TraceNote[];
  readonly since: number;
  overAt?: number;
}

/** Notes of calls that are not over, by call. */
export class CallsInProgress {
  private readonly calls = new Map<string, Noted>();
  /** Those that made room for others. */
  private early: (readonly TraceNote[])[] = [];

  /** @param settleMs for what comes after a call's end. Milliseconds */
  constructor(private readonly settleMs: number) {}

  get size(): number {
    return this.calls.size;
  }

  /** @param now Unix time in milliseconds */
  take(note: TraceNote, now: number): void {
    const name = huntName(note.pbx, note.hunt);
    const call = this.calls.get(name) ?? this.begin(name, note, now);
    if (!call) return;
    // The end is told of, however much came before.
    const ends = note.kind === 'ended' && call.overAt === undefined;
    if (ends) call.overAt = now;
    if (ends || call.notes.length < MOST_NOTES) call.notes.push(note);
  }

  /** Takes out the calls that are over, each with its notes in order of their coming. */
  over(now: number): readonly (readonly TraceNote[])[] {
    const over = this.early;
    this.early = [];
    for (const [name, { notes, overAt = Infinity, since }] of this.calls) {
      if (now - overAt < this.settleMs && now - since < LONGEST_MS) continue;
      this.calls.delete(name);
      over.push(notes);
    }
    return over;
  }

  /** Takes out all of them. */
  all(): readonly (readonly TraceNote[])[] {
    const all = [...this.early, ...[...this.calls.values()].map(({ notes }) => notes)];
    this.early = [];
    this.calls.clear();
    return all;
  }

  /** Only its begin makes a call: what comes after its trace was made has no place any more. */
  private begin(name: string, note: TraceNote, now: number): Noted | undefined {
    if (note.kind !== 'begun') return undefined;
    if (this.calls.size >= MOST_CALLS) {
      const [oldest = ''] = this.calls.keys();
      this.early.push(this.calls.get(oldest)?.notes ?? []);
      this.calls.delete(oldest);
    }
    const call: Noted = { notes: [], since: now };
    this.calls.set(name, call);
    return call;
  }
}
