import type { InstanceHealth } from '../../src/trunks/health/instance-health';
import type { BadValues } from './bad-values';
import type { Keys } from './keys';
import type { RedisLink } from './link';
import type { Counted } from './scripts';
import { valuesOf, type SharedStates } from './shared-states';

export interface SharedCountsParts {
  readonly book: InstanceHealth;
  readonly link: RedisLink;
  readonly keys: Keys;
  readonly states: SharedStates;
  readonly bad: BadValues;
}

/** Sends this instance's counts to the others in batches, and judges trunks by the counts of all. */
export class SharedCounts {
  constructor(private readonly parts: SharedCountsParts) {}

  /**
   * One round trip for all trunks of a shard that had calls. An unanswered batch is not sent again: it may have
   * arrived, and nothing may be counted twice.
   */
  async flush(): Promise<void> {
    const shards = [...this.parts.states.byShard().values()];
    await Promise.all(shards.map((trunks) => this.flushShard(trunks)));
  }

  private async flushShard(trunks: readonly string[]): Promise<void> {
    const { book, keys, link, states } = this.parts;
    const pipeline = link.commands.pipeline();
    const sent: string[] = [];
    for (const trunk of trunks) {
      const { trip } = book.settingsOf(trunk);
      const delta = book.far(trunk)?.takeUnsent();
      if (!delta) continue;
      sent.push(trunk);
      pipeline.addCounts(
        keys.state(trunk),
        keys.tally(trunk),
        states.versionOf(trunk),
        trip.ratio.window,
        trip.distinctNumbers,
        delta.attempts,
        delta.faults,
        delta.worked ? 1 : 0,
        delta.streak,
        delta.marks.join(),
        delta.streakMarks.join(),
      );
    }
    if (sent.length === 0) return;
    const replies = valuesOf(await pipeline.exec()) as ([0] | [1, ...Counted])[];
    for (const [index, trunk] of sent.entries()) {
      const [added, ...counted] = replies[index] ?? [0];
      if (added !== 1) states.distrust();
      else this.judge(trunk, counted as unknown as Counted);
    }
  }

  private judge(trunk: string, counted: Counted): void {
    const [attempts, faults, numbers, streak, streakNumbers, wrong] = counted;
    if (wrong !== '') this.parts.bad.note('counts', wrong, trunk);
    const together = { attempts, faults, numbers, streak, streakNumbers };
    this.parts.book.far(trunk)?.judgeTogether(together);
  }
}
