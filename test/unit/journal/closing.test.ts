import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { markClosed, markOpen } from '../../../src/journal/closing';
import { openJournal } from '../../../src/journal/database';
import type { JournalEntry } from '../../../src/journal/entry';
import { callsOf, type CallFilter } from '../../../src/journal/read/calls';
import { JournalWriter } from '../../../src/journal/writer';

const START = Date.UTC(2026, 0, 31, 12);
const SECOND = 1_000;
const NOT_CLOSED = 'crankback ended without closing the journal';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crankback-journal-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const hunt = (at: number): JournalEntry => ({
  ...{ kind: 'hunt', at, pbx: 'asterisk', hunt: String(at), leg: 'l', number: '1', policy: 'p' },
});

/** The file as a crankback finds it that starts then. */
function started(at: number, aliveAt?: number) {
  const { database } = openJournal(join(folder, 'journal.db'), at);
  const gap = markOpen(database, at, aliveAt);
  const writer = new JournalWriter(database);
  return {
    gap,
    write: (entry: JournalEntry, until?: number) => writer.write([entry], until),
    missing: (filter: Partial<CallFilter> = {}) =>
      callsOf(database, { limit: 10, ...filter }).missing,
    closed: () => {
      markClosed(database);
      writer.close();
      database.close();
    },
    killed: () => {
      writer.close();
      database.close();
    },
  };
}

describe('a journal that was not closed', () => {
  it('has a gap from the last batch until the next start, which is named once', () => {
    const first = started(START);
    first.write(hunt(START + SECOND), START + SECOND);
    first.write(hunt(START + 2 * SECOND), START + 2 * SECOND);
    first.killed();
    const second = started(START + 60 * SECOND);
    const gap = { since: START + 2 * SECOND, until: START + 60 * SECOND };
    expect(second.gap).toEqual(gap);
    second.closed();
    const third = started(START + 90 * SECOND);
    expect(third.gap).toBeUndefined();
    expect(third.missing()).toEqual([{ ...gap, why: NOT_CLOSED }]);
  });

  it.each([
    ['since nothing waited to be written', START + 30 * SECOND, START + 30 * SECOND],
    ['but never since before the last batch', START, START + 2 * SECOND],
    [
      'and never since after the start, if the date has gone back',
      START + 1e9,
      START + 60 * SECOND,
    ],
  ])('has a gap %s', (_, aliveAt, since) => {
    const first = started(START);
    first.write(hunt(START + SECOND), START + 2 * SECOND);
    first.killed();
    expect(started(START + 60 * SECOND, aliveAt).gap).toEqual({
      since,
      until: START + 60 * SECOND,
    });
  });

  it('has a gap from its begin if nothing was written', () => {
    started(START).killed();
    expect(started(START + SECOND).gap).toEqual({ since: START, until: START + SECOND });
  });

  it('keeps a batch that is not all of what was told out of the time that is whole', () => {
    const first = started(START);
    first.write(hunt(START + SECOND), START + SECOND);
    first.write(hunt(START + 2 * SECOND));
    first.killed();
    expect(started(START + 60 * SECOND).gap?.since).toBe(START + SECOND);
  });
});

describe('what is missing', () => {
  it.each<[string, Partial<CallFilter>, boolean]>([
    ['is named in a list that reaches into it', { since: START + 30 * SECOND }, true],
    ['and in one that ends within it', { until: START + 30 * SECOND }, true],
    ['not in one that begins after it', { since: START + 61 * SECOND }, false],
    ['nor in one that ends before it', { until: START + 2 * SECOND }, false],
    ['nor where the latest calls alone are shown', { limit: 1 }, false],
    ['but on the page that has its time', { limit: 1, before: `${START + 70 * SECOND}-2` }, true],
    ['and not to somebody who follows', { changed: START }, false],
  ])('%s', (_, filter, isNamed) => {
    const first = started(START);
    first.write(hunt(START + SECOND), START + 2 * SECOND);
    first.killed();
    const second = started(START + 60 * SECOND);
    second.write(hunt(START + 70 * SECOND));
    second.write(hunt(START + 80 * SECOND));
    expect(second.missing(filter) !== undefined).toBe(isNamed);
  });

  it('has its number where it is known', () => {
    const journal = started(START);
    const lost = { since: START + SECOND, count: 12, why: 'disk full' };
    journal.write({ kind: 'lost', at: START + 2 * SECOND, ...lost });
    expect(journal.missing()).toEqual([{ ...lost, until: START + 2 * SECOND }]);
  });
});
