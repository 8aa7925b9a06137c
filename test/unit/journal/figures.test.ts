import { Database } from 'node-sqlite3-wasm';
import fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { figuresOf as ratiosOf } from '../../../src/figures/figures';
import type { Counts } from '../../../src/figures/counts';
import { openJournal } from '../../../src/journal/database';
import type { JournalEntry } from '../../../src/journal/entry';
import { figuresBytes } from '../../../src/journal/figures/keep';
import { settle } from '../../../src/journal/figures/settle';
import { figuresOf, type FiguresFilter } from '../../../src/journal/read/figures';
import { retain, usedBytes } from '../../../src/journal/retention';
import { MIGRATIONS } from '../../../src/journal/schema';
import { JournalWriter } from '../../../src/journal/writer';

const START = Date.UTC(2026, 0, 31, 12);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const KEEP = { days: 30, bytes: 1e9 };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crankback-figures-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function journal(file = ':memory:') {
  const { database } = openJournal(file, START);
  const writer = new JournalWriter(database);
  return {
    database,
    write: (...entries: readonly JournalEntry[]) => writer.write(entries),
    figures: (asked: Partial<FiguresFilter> = {}, countingMs = 60_000) =>
      figuresOf(
        database,
        {
          ...{ since: START, until: START + MINUTE, now: START + MINUTE, by: 'trunk' },
          ...asked,
        },
        countingMs,
      ),
    close: () => {
      writer.close();
      database.close();
    },
  };
}

interface Story {
  readonly id: string;
  /** After the start. Milliseconds. */
  readonly at?: number;
  readonly route?: string;
  readonly pbx?: string;
  /**
   * `carrier-a trunk-congested 503`, a second each; `rang` as a fourth word. `carrier-b answered 2000 30000`: PDD and
   * length in milliseconds. `carrier-a open` goes on.
   */
  readonly attempts: readonly string[];
  readonly end?: 'voicemail' | 'relay' | 'fallback';
}

/** What the journal is told of one call. */
function told({ id, at = 0, route = '*', pbx = 'asterisk', attempts, end }: Story): JournalEntry[] {
  const of = { pbx, hunt: id };
  const began = START + at;
  const decision = (when: number, outcome: string, trunk?: string): JournalEntry => ({
    ...{ kind: 'decision', ...of, at: when, on: 'route', outcome, detail: '{}' },
    ...(trunk !== undefined && { trunk }),
  });
  const isOpen = attempts.at(-1)?.endsWith(' open');
  return [
    { kind: 'hunt', ...of, at: began, leg: 'l', number: '1', policy: 'p', route },
    ...attempts.flatMap((text, index): JournalEntry[] => {
      const [trunk = '', what = '', first, second] = text.split(' ');
      const when = began + 1000 * index;
      const start = decision(when, 'dial', trunk);
      if (what === 'open') return [start];
      if (what === 'answered') {
        const times = { id: `${id}-${index}`, invitedAt: when, answeredAt: when + Number(first) };
        const overAt = times.answeredAt + Number(second);
        return [
          start,
          { kind: 'timed', ...of, at: times.answeredAt, trunk, times },
          { kind: 'answered', ...of, at: times.answeredAt, trunk },
          { kind: 'timed', ...of, at: overAt, trunk, times: { ...times, endedAt: overAt } },
        ];
      }
      const rang = second === 'rang';
      const origin = what === 'local-unreachable' ? 'local' : 'far';
      const failure = {
        ...{ class: what, fault: 'trunk', rang, detail: JSON.stringify({ origin }) },
        ...(first !== undefined && first !== '-' && { sip: Number(first) }),
      };
      return [
        start,
        { kind: 'attempt-end', ...of, at: when + 900, trunk, completes: false, failure },
      ];
    }),
    ...(end === 'fallback'
      ? [{ kind: 'not-carried-out', ...of, at: began, why: 'x' } as const]
      : []),
    ...(end === 'voicemail' || end === 'relay' ? [decision(began + 9000, end)] : []),
    ...(isOpen ? [] : [{ kind: 'hunt-end', ...of, at: began + 9000 } as const]),
  ];
}

/** Ten calls of one minute. */
const CALLS: readonly Story[] = [
  { id: '1', attempts: ['a answered 1000 60000'] },
  { id: '2', attempts: ['a answered 3000 30000'], route: '0171*' },
  { id: '3', attempts: ['a trunk-congested 503', 'b answered 2000 10000'], route: '0171*' },
  { id: '4', attempts: ['a trunk-timeout', 'b trunk-failed 500', 'c answered 500 20000'] },
  { id: '5', attempts: ['a busy 486'], end: 'voicemail' },
  { id: '6', attempts: ['a busy 486'], end: 'relay' },
  { id: '7', attempts: ['a cancelled 487 rang'] },
  { id: '8', attempts: ['a trunk-congested 503', 'b cancelled 487'] },
  { id: '9', attempts: ['a local-unreachable', 'b redirected 302'], end: 'fallback' },
  { id: '10', attempts: ['a open'], pbx: 'freeswitch' },
];

const TABLE: Readonly<Record<string, Partial<Counts>>> = {
  a: {
    // The trunk dialled last has the call.
    ...{ calls: 6, voicemailSaves: 1, attempts: 10, answered: 2, failed: 7, unsent: 1 },
    ...{ leftRinging: 1, talks: 2, talkMs: 90_000 },
    classes: {
      ...{ 'trunk-congested': 2, 'trunk-timeout': 1, busy: 2, cancelled: 1 },
      'local-unreachable': 1,
    },
    statuses: { 503: 2, none: 2, 486: 2, 487: 1 },
  },
  b: {
    ...{ calls: 3, saved: 1, fallbacks: 1, attempts: 4, retries: 4, answered: 1, failed: 3 },
    ...{ leftBeforeRinging: 1, talks: 1, talkMs: 10_000 },
    classes: { 'trunk-failed': 1, cancelled: 1, redirected: 1 },
    statuses: { 500: 1, 487: 1, 302: 1 },
  },
  c: { calls: 1, saved: 1, attempts: 1, retries: 1, answered: 1, talks: 1, talkMs: 20_000 },
};

/** Without what is zero, and without delays. */
function shown({ groups }: ReturnType<typeof figuresOf>): Record<string, Partial<Counts>> {
  const plain = ({ pdd: _, ...counts }: Counts) =>
    Object.fromEntries(
      Object.entries(counts).filter(
        ([, value]) => value !== 0 && (typeof value !== 'object' || Object.keys(value).length > 0),
      ),
    );
  return Object.fromEntries(groups.map(({ name, counts }) => [name, plain(counts)]));
}

/** A call a minute for 29 hours. */
const long = once(() => {
  const made = journal();
  for (let minute = 0; minute < 29 * 60; minute += 1)
    made.write(...told({ id: String(minute), at: minute * MINUTE, attempts: ['a answered 1 1'] }));
  while (settle(made.database, 500));
  return made;
});

function once<Made>(make: () => Made): () => Made {
  let made: Made | undefined;
  return () => (made ??= make());
}

describe('figures of recorded calls', () => {
  it('are those that a table made by hand has, by trunk', () => {
    const { write, figures } = journal();
    write(...CALLS.flatMap(told));
    const found = figures();
    expect(shown(found)).toEqual(TABLE);
    const [a] = found.groups;
    // 8 of 10 attempts were sent and have ended: 2 answered, 2 busy, 1 gave up while it rang.
    expect(a && ratiosOf(a.counts)).toMatchObject({
      asr: 2 / 8,
      ner: 5 / 8,
      seer: 4 / 8,
      acdMs: 45_000,
    });
    expect(found.all).toMatchObject({ calls: 10, saved: 2, attempts: 15, retries: 5 });
    expect(found).toMatchObject({ uncounted: 0, first: START, since: START });
  });

  it('are those of routes and PBXes, and of one trunk by route', () => {
    const { write, figures } = journal();
    write(...CALLS.flatMap(told));
    const calls = (asked: Partial<FiguresFilter>) =>
      figures(asked).groups.map(({ name, counts: { calls: all, attempts } }) => [
        name,
        all,
        attempts,
      ]);
    expect(calls({ by: 'route' })).toEqual([
      ['*', 8, 12],
      ['0171*', 2, 3],
    ]);
    expect(calls({ by: 'pbx' })).toEqual([
      ['asterisk', 9, 14],
      ['freeswitch', 1, 1],
    ]);
    expect(calls({ by: 'route', trunk: 'b' })).toEqual([
      ['*', 2, 3],
      ['0171*', 1, 1],
    ]);
    expect(calls({ by: 'trunk', route: '0171*', pbx: 'asterisk' })).toEqual([
      ['a', 1, 2],
      ['b', 1, 1],
    ]);
  });

  it('are the same whenever they were asked for and restarted meanwhile', () => {
    const entries = CALLS.flatMap(told);
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(fc.integer({ min: 1, max: 9 }), fc.constantFrom('ask', 'restart', 'kill')),
        ),
        (steps) => {
          rmSync(join(folder, 'journal.db'), { force: true });
          rmSync(join(folder, 'journal.db-wal'), { force: true });
          let open = journal(join(folder, 'journal.db'));
          let left = entries;
          for (const [many, then] of steps) {
            open.write(...left.slice(0, many));
            left = left.slice(many);
            if (then === 'ask') open.figures();
            if (then === 'restart') {
              open.close();
              open = journal(join(folder, 'journal.db'));
            }
            if (then === 'kill') settle(open.database, 1);
          }
          open.write(...left);
          const found = shown(open.figures());
          open.close();
          expect(found).toEqual(TABLE);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('count an attempt of the user’s own once, also where the failed call is handed over then', () => {
    const { write, figures } = journal();
    const failure = { class: 'busy', fault: 'callee', sip: 486, rang: false, detail: '{}' };
    const observed = { pbx: 'asterisk', at: START + 5, leg: 'l', number: '1', ms: 5, failure };
    const of = { pbx: 'asterisk', hunt: 'h', at: START + 6 };
    write(
      { kind: 'observed', ...observed, trunk: 'a', known: true },
      { kind: 'observed', ...observed, trunk: 'sip-77', known: false },
      { kind: 'hunt', ...of, leg: 'l', number: '1', policy: 'p' },
      { kind: 'attempt-end', ...of, trunk: 'a', completes: false, seenBefore: true, failure },
    );
    expect(shown(figures())).toMatchObject({
      a: { attempts: 1, failed: 1 },
      other: { attempts: 1 },
    });
  });

  it('follow evidence that comes late', () => {
    const { write, figures } = journal();
    write(...told({ id: '1', attempts: ['a trunk-failed 500'] }));
    expect(shown(figures())['a']).toMatchObject({ classes: { 'trunk-failed': 1 } });
    const failure = { class: 'busy', fault: 'callee', sip: 500, rang: false, detail: '{}' };
    const of = { pbx: 'asterisk', hunt: '1', at: START + 1000 };
    write({ kind: 'attempt-end', ...of, trunk: 'a', completes: true, failure });
    expect(shown(figures())['a']).toMatchObject({ classes: { busy: 1 }, failed: 1 });
  });

  it.each<[string, Partial<FiguresFilter>, number]>([
    ['the last minute', { since: START + 29 * HOUR - MINUTE, until: START + 29 * HOUR }, 1],
    ['an hour across two', { since: START + 27.5 * HOUR, until: START + 28.5 * HOUR }, 60],
    ['a day', { since: START + 5 * HOUR, until: START + 29 * HOUR }, 24 * 60],
    ['all', { since: START - DAY, until: START + 29 * HOUR }, 29 * 60],
    ['nothing before', { since: START - DAY, until: START }, 0],
    [
      'seconds are rounded outwards',
      { since: START + HOUR + 1, until: START + HOUR + MINUTE + 1 },
      2,
    ],
  ])('of %s are those of its minutes', (_, asked, minutes) => {
    const { figures } = long();
    expect(figures({ now: START + 29 * HOUR, ...asked }).all.attempts).toBe(minutes);
  });

  it('say what is not counted yet, and count the latest first', () => {
    const { write, figures } = journal();
    for (let minute = 0; minute < 200; minute += 1)
      write(...told({ id: String(minute), at: minute * MINUTE, attempts: ['a answered 1 1'] }));
    const asked = { until: START + 200 * MINUTE, now: START + 200 * MINUTE };
    expect(figures(asked, 0)).toMatchObject({ uncounted: 199, all: { attempts: 1 } });
    expect(figures({ ...asked, since: START + 198 * MINUTE }, 0)).toMatchObject({ uncounted: 0 });
    expect(figures(asked)).toMatchObject({ uncounted: 0, all: { attempts: 200 } });
  });

  it('of trunks have holds and the most calls at once, also of calls that began before', () => {
    const { write, figures } = journal();
    const change = (at: number, from: string, to: string): JournalEntry => ({
      ...{ kind: 'trunk', at: START + at, trunk: 'a', side: 'far', from, to },
      detail: '{"to":{"hold":{}}}',
    });
    write(
      ...told({ id: '1', attempts: ['a open'] }),
      ...told({ id: '2', at: 10, attempts: ['a open'] }),
      change(MINUTE, 'closed', 'held'),
      change(MINUTE + 20_000, 'held', 'closed'),
      ...told({ id: '3', at: 2 * MINUTE, attempts: ['b answered 1 1'] }),
    );
    const asked = { since: START + MINUTE, until: START + 2 * MINUTE, now: START + 2 * MINUTE };
    expect(figures(asked).groups).toMatchObject([
      {
        name: 'a',
        peak: 2,
        holds: { holds: 1, heldMs: 20_000, held: false },
        counts: { attempts: 0 },
      },
    ]);
    expect(figures({ until: START + 3 * MINUTE, now: START + 3 * MINUTE }).groups).toMatchObject([
      { name: 'a', peak: 2, counts: { attempts: 2 } },
      { name: 'b', peak: 1 },
    ]);
  });

  it('have names of trunks and routes, but not without bound', () => {
    const { write, figures } = journal();
    for (let minute = 0; minute < 12; minute += 1)
      write(
        ...Array.from({ length: 190 }, (_, index) =>
          told({
            id: `${minute}-${index}`,
            at: minute * MINUTE,
            route: `${minute}-${index}`,
            attempts: [],
          }),
        ).flat(),
      );
    const found = figures({ by: 'route', until: START + DAY, now: START + DAY });
    expect(found.groups).toHaveLength(1001);
    expect(found.all.calls).toBe(12 * 190);
  });
});

describe('figures', () => {
  const call = (at: number) => told({ id: String(at), at, attempts: ['a answered 1000 5000'] });

  it('last longer than their calls', () => {
    const { database, write, figures } = journal();
    write(...call(0), ...call(MINUTE), ...call(40 * DAY));
    retain(database, KEEP, START + 40 * DAY);
    expect(database.get('SELECT count(*) AS hunts FROM hunts')).toEqual({ hunts: 1 });
    const asked = { until: START + 41 * DAY, now: START + 41 * DAY };
    expect(figures(asked).all.attempts).toBe(3);
    // What is said of a deleted call afterwards changes nothing.
    write(...told({ id: 'late', at: 30_000, attempts: ['a busy 486'] }));
    expect(figures(asked)).toMatchObject({ uncounted: 0, all: { attempts: 3 } });
    retain(database, KEEP, START + 500 * DAY);
    expect(figures(asked).all.attempts).toBe(0);
  });

  it('of a journal that is too large are counted before its calls go', () => {
    const { database, write, figures } = journal();
    for (let index = 0; index < 400; index += 1) write(...call(index * MINUTE));
    const bytes = usedBytes(database) * 0.8;
    while (retain(database, { days: 30, bytes }, START + 7 * HOUR, 50));
    expect(Number(database.get('SELECT count(*) AS hunts FROM hunts')?.['hunts'])).toBeLessThan(
      350,
    );
    expect(figures({ until: START + 7 * HOUR, now: START + 7 * HOUR }).all).toMatchObject({
      attempts: 400,
    });
  });

  it('take a quarter of the journal at most', () => {
    const { database, write } = journal();
    for (let index = 0; index < 3000; index += 1) write(...call(index * MINUTE));
    while (settle(database, 1000));
    expect(figuresBytes(database)).toBeGreaterThan(0.2e6);
    retain(database, { days: 30, bytes: 0.4e6 }, START + 3000 * MINUTE);
    expect(figuresBytes(database)).toBeLessThanOrEqual(0.1e6);
    expect(figuresBytes(database)).toBeGreaterThan(0);
  });

  it('of a journal of the version before are made of its calls', () => {
    const file = join(folder, 'old.db');
    const old = new Database(file);
    for (const step of MIGRATIONS.slice(0, 2)) old.exec(step);
    old.exec('PRAGMA user_version = 2');
    old.exec(
      `INSERT INTO hunts(pbx, id, leg, number, started_at) VALUES('asterisk', '1', 'l', '1', ${START})`,
    );
    old.exec(
      `INSERT INTO attempts(hunt, pbx, trunk, began_at, ended_at, answered) VALUES(1, 'asterisk', 'a', ${START}, ${START + 1}, 1)`,
    );
    old.close();
    const { figures, close } = journal(file);
    expect(shown(figures())).toMatchObject({ a: { attempts: 1, answered: 1 }, '': { calls: 1 } });
    close();
  });

  it('say no calls at once after a restart', () => {
    const file = join(folder, 'journal.db');
    const before = journal(file);
    before.write(...told({ id: '1', attempts: ['a open'] }));
    before.close();
    const { figures, close } = journal(file);
    const asked = { since: START + MINUTE, until: START + 2 * MINUTE, now: START + 2 * MINUTE };
    expect(figures(asked).groups).toEqual([]);
    close();
  });
});
