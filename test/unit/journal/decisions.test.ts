import { openJournal } from '../../../src/journal/database';
import type { JournalEntry } from '../../../src/journal/entry';
import {
  decisionsOf,
  trunkOutcomes,
  type Cursor,
  type DecidedCall,
} from '../../../src/journal/read/decisions';
import { JournalWriter } from '../../../src/journal/writer';

const START = Date.UTC(2026, 0, 31, 12);

/** A journal of calls that begin a second after each other; `detail` is that of each of their decisions. */
function journal(ids: readonly string[], detail = '{"decision":{}}', decisions = 1) {
  const { database } = openJournal(':memory:', START);
  const writer = new JournalWriter(database);
  for (const [index, hunt] of ids.entries()) {
    const of = { pbx: 'asterisk', hunt, at: START + 1000 * index };
    const decided = (): JournalEntry => ({
      ...{ kind: 'decision', ...of, on: 'route', outcome: 'dial', trunk: 'carrier-a' },
      detail,
    });
    writer.write([
      { kind: 'hunt', ...of, leg: 'l', number: '1', policy: 'abc' },
      ...Array.from({ length: decisions }, decided),
      ...(index % 2 === 0 ? [{ kind: 'answered', ...of, trunk: 'carrier-a' } as const] : []),
    ]);
  }
  const period = { since: START, until: START + 1000 * ids.length };
  return { database, period, close: () => writer.close() };
}

/** All pages, and how many calls each has. */
function pages({ database, period }: ReturnType<typeof journal>, limit: number) {
  const found: DecidedCall[] = [];
  const sizes: number[] = [];
  let before: Cursor | undefined;
  do {
    const page = decisionsOf(database, { ...period, before, limit });
    found.push(...page.calls);
    sizes.push(page.calls.length);
    before = page.next;
  } while (before);
  return { hunts: found.map(({ hunt }) => hunt), sizes };
}

describe('decisions of a period', () => {
  const ids = ['a', 'b', 'c', 'd', 'e'];
  const latestFirst = [...ids].reverse();

  it.each([
    [1, [1, 1, 1, 1, 1]],
    [2, [2, 2, 1]],
    [5, [5]],
    [100, [5]],
  ])('in pages of %i have each call once', (limit, sizes) => {
    expect(pages(journal(ids), limit)).toEqual({ hunts: latestFirst, sizes });
  });

  it('have each call once where several began in the same millisecond', () => {
    const made = journal(ids);
    made.database.exec(`UPDATE hunts SET started_at = ${START}`);
    expect(pages(made, 2)).toEqual({ hunts: latestFirst, sizes: [2, 2, 1] });
  });

  it('end a page early where it is large', () => {
    const large = journal(ids, JSON.stringify('x'.repeat(600_000)));
    expect(pages(large, 100)).toEqual({ hunts: latestFirst, sizes: [2, 2, 1] });
  });

  it('are those of calls that began within it', () => {
    const { database } = journal(ids);
    const { calls } = decisionsOf(database, { since: START + 1, until: START + 3000, limit: 9 });
    expect(calls.map(({ hunt }) => hunt)).toEqual(['c', 'b']);
  });

  it('come with what became of the call', () => {
    const { database, period } = journal(['a']);
    expect(decisionsOf(database, { ...period, limit: 1 })).toEqual({
      calls: [
        {
          hunt: 'a',
          startedAt: START,
          answered: true,
          tried: [{ trunk: 'carrier-a', beganAt: START, endedAt: START, answered: true }],
          decisions: [{ at: START, on: 'route', detail: '{"decision":{}}' }],
          more: false,
        },
      ],
    });
  });

  it('of one call are a hundred at most, and it says so', () => {
    const { database, period } = journal(['a'], '{}', 120);
    const [call] = decisionsOf(database, { ...period, limit: 1 }).calls;
    expect(call?.decisions).toHaveLength(100);
    expect(call?.more).toBe(true);
  });
});

describe("a trunk's outcomes", () => {
  it('are its attempts that have ended, the latest of them', () => {
    // Three are answered; the others have not ended.
    const { database, period } = journal(['a', 'b', 'c', 'd', 'e']);
    const asked = { ...period, trunk: 'carrier-a' };
    const told = { trunk: 'carrier-a', attempts: 3, answered: 3, more: false };
    expect(trunkOutcomes(database, asked)).toEqual(told);
    expect(trunkOutcomes(database, asked, 2)).toEqual({
      ...told,
      attempts: 2,
      answered: 2,
      more: true,
    });
    expect(trunkOutcomes(database, { ...asked, until: START })).toMatchObject({ attempts: 0 });
    expect(trunkOutcomes(database, { ...asked, trunk: 'x' })).toMatchObject({ attempts: 0 });
  });
});
