import { Database } from 'node-sqlite3-wasm';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NewerJournal, openJournal } from '../../../src/journal/database';
import { MIGRATIONS } from '../../../src/journal/schema';
import type { JournalEntry } from '../../../src/journal/entry';
import { callOf } from '../../../src/journal/read/call';
import { callsOf, type CallFilter } from '../../../src/journal/read/calls';
import { retain, retentionInMemory, usedBytes } from '../../../src/journal/retention';
import { JournalWriter } from '../../../src/journal/writer';

const START = Date.UTC(2026, 0, 31, 12);
const DAY = 86_400_000;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crankback-journal-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function journal(file = ':memory:') {
  const { database, setAside } = openJournal(file, START);
  const writer = new JournalWriter(database);
  return {
    database,
    setAside,
    write: (...entries: JournalEntry[]) => writer.write(entries),
    calls: (filter: Partial<CallFilter> = {}) => callsOf(database, { limit: 50, ...filter }).calls,
    close: () => {
      writer.close();
      database.close();
    },
  };
}

interface Told {
  readonly id: string;
  readonly at?: number;
  readonly number?: string;
  readonly caller?: string;
  /** Trunk and status, `carrier-a 503`; `carrier-b` answers. */
  readonly attempts?: readonly string[];
  readonly end?: 'voicemail' | 'relay' | 'fallback';
}

/** What is told of one call. */
function call({
  id,
  at = START,
  number = '030123',
  caller,
  attempts = [],
  end,
}: Told): JournalEntry[] {
  const of = { pbx: 'asterisk', hunt: id };
  const decision = (time: number, outcome: string, more: object = {}): JournalEntry => ({
    kind: 'decision',
    ...of,
    at: time,
    on: 'route',
    outcome,
    ...(caller !== undefined && { caller }),
    detail: '{}',
    ...more,
  });
  return [
    { kind: 'hunt', ...of, at, leg: 'PJSIP/caller-1', number, policy: 'abc' },
    ...attempts.flatMap((text, index): JournalEntry[] => {
      const [trunk = '', status] = text.split(' ');
      const began = at + 1000 * index;
      const failure = {
        class: status === '486' ? 'busy' : 'trunk-congested',
        fault: status === '486' ? 'callee' : 'trunk',
        sip: Number(status),
        rang: false,
        detail: `{"sip":${status}}`,
      };
      return [
        decision(began, 'dial', { trunk }),
        status === undefined
          ? { kind: 'answered', ...of, at: began + 500, trunk }
          : { kind: 'attempt-end', ...of, at: began + 500, trunk, completes: false, failure },
      ];
    }),
    ...(end === 'voicemail' ? [decision(at + 5000, 'voicemail')] : []),
    ...(end === 'relay' ? [decision(at + 5000, 'relay', { sip: 503 })] : []),
    ...(end === 'fallback'
      ? [{ kind: 'not-carried-out', ...of, at: at + 5000, why: 'dial' } as const]
      : []),
    { kind: 'hunt-end', ...of, at: at + 9000 },
  ];
}

const SAVED = { id: 'saved', number: '0171555', attempts: ['carrier-a 503', 'carrier-b'] };
const BUSY = { id: 'busy', caller: '4930', attempts: ['carrier-a 486'], end: 'voicemail' } as const;
const FAILED = {
  id: 'failed',
  attempts: ['carrier-a 503', 'carrier-b 503'],
  end: 'relay',
} as const;
const FIRST = { id: 'first', number: '0171999', attempts: ['carrier-b'] };
const FELL = { id: 'fell', attempts: ['carrier-a 503'], end: 'fallback' } as const;

describe('calls that changed since a moment', () => {
  const entries = call({ ...SAVED, end: 'relay' });
  const happened = entries.map(({ kind, at }, index) => ({ kind, at, index }));

  it.each(happened)('$kind', ({ at, index }) => {
    const { write, calls } = journal();
    write(...entries.slice(0, index + 1));
    const found = (changed: number): number => calls({ changed }).length;
    expect([found(at), found(at + 1)]).toEqual([1, 0]);
  });

  it('are looked for among the latest 20,000', () => {
    const { write, calls } = journal();
    const begun = Array.from({ length: 20_001 }, (_, index) => call({ id: String(index) })[0]!);
    write(...begun);
    const found = calls({ changed: START, limit: 30_000 }).map(({ hunt }) => hunt);
    expect([found.length, found.includes('0'), found.includes('1')]).toEqual([20_000, false, true]);
  });
});

describe('recorded calls', () => {
  const told = [SAVED, BUSY, FAILED, FIRST, FELL].map((one, index) => ({
    ...one,
    at: START + index * 10_000,
  }));

  it.each<[string, Partial<CallFilter>, readonly string[]]>([
    ['all, the latest first', {}, ['fell', 'first', 'failed', 'busy', 'saved']],
    ['saved ones', { result: 'saved' }, ['busy', 'saved']],
    ['failed ones', { result: 'failed' }, ['fell', 'failed']],
    ['answered ones', { result: 'answered' }, ['first', 'saved']],
    ['those of the static fallback', { result: 'fallback' }, ['fell']],
    ['a trunk', { trunk: 'carrier-b' }, ['first', 'failed', 'saved']],
    ['a status', { sip: 486 }, ['busy']],
    ['a class', { class: 'trunk-congested' }, ['fell', 'failed', 'saved']],
    ['one attempt with both', { trunk: 'carrier-b', sip: 503 }, ['failed']],
    ['a number', { to: '0171555' }, ['saved']],
    ['numbers that begin so', { to: '0171*' }, ['first', 'saved']],
    ['a number with a star key, which is no wildcard', { to: '*171555' }, []],
    ['a caller', { from: '4930' }, ['busy']],
    ['a PBX', { pbx: 'freeswitch' }, []],
    ['a page', { limit: 2 }, ['fell', 'first']],
    ['nothing before its time', { since: START + 60_000, trunk: 'carrier-a' }, []],
  ])('%s', (_, filter, ids) => {
    const { write, calls } = journal();
    for (const one of told) write(...call(one));
    expect(calls(filter).map(({ hunt }) => hunt)).toEqual(ids);
  });

  it.each<[string, Partial<CallFilter>, readonly string[]]>([
    ['of all', {}, ['fell', 'first', 'failed', 'busy', 'saved']],
    ['of a trunk', { trunk: 'carrier-b' }, ['first', 'failed', 'saved']],
  ])('page by page %s', (_, filter, ids) => {
    const { write, database } = journal();
    for (const one of told) write(...call(one));
    const seen: string[] = [];
    for (let before: string | undefined; ;) {
      const page = callsOf(database, { limit: 2, before, ...filter });
      seen.push(...page.calls.map(({ hunt }) => hunt));
      before = page.next;
      if (before === undefined) break;
    }
    expect(seen).toEqual(ids);
  });

  it('count their attempts and failures', () => {
    const { write, calls } = journal();
    write(...call(FAILED));
    expect(calls()).toEqual([
      {
        ...{ hunt: 'failed', pbx: 'asterisk', number: '030123', startedAt: START },
        ...{ endedAt: START + 9000, outcome: 'relay', trunk: 'carrier-b', sip: 503 },
        ...{ class: 'trunk-congested', attempts: 2, failures: 2, fellBack: false, saved: false },
      },
    ]);
  });

  it('one by its id or its number, with every attempt, decision and policy', () => {
    const { write, database } = journal();
    write(
      {
        kind: 'policy',
        at: START - 1,
        hash: 'abc',
        file: '/etc/p.yaml',
        text: Buffer.from('# abc'),
      },
      ...call(SAVED),
    );
    for (const asked of ['saved', '0171555']) {
      const found = callOf(database, { id: asked, number: asked });
      expect(found).toMatchObject({
        hunt: 'saved',
        policies: [{ hash: 'abc', file: '/etc/p.yaml', lines: ['# abc'] }],
        legs: [
          {
            trunk: 'carrier-a',
            beganAt: START,
            endedAt: START + 500,
            answered: false,
            failure: { sip: 503 },
          },
          { trunk: 'carrier-b', beganAt: START + 1000, endedAt: START + 1500, answered: true },
        ],
      });
      expect(found?.decisions).toHaveLength(2);
    }
    expect(callOf(database, { id: 'unknown', number: '1' })).toBeUndefined();
  });

  it('learn more of an attempt that has ended, and of a late answer', () => {
    const { write, database } = journal();
    const of = { pbx: 'asterisk', hunt: 'saved', trunk: 'carrier-a' };
    const failure = {
      class: 'no-credit',
      fault: 'trunk',
      sip: 503,
      rang: false,
      detail: '{"sip":503}',
    };
    write(...call(SAVED));
    write({ kind: 'attempt-end', at: START + 600, ...of, completes: true, failure });
    write({ kind: 'late-answer', at: START + 2000, ...of, leg: 'x' });
    const found = callOf(database, { id: 'saved', number: '' });
    expect(found?.legs[0]).toMatchObject({ endedAt: START + 500, late: true });
    expect(found).toMatchObject({ failures: 1, class: 'no-credit' });
  });

  it('an attempt that began before the journal counts as well', () => {
    const { write, calls } = journal();
    const failure = { class: 'busy', fault: 'callee', rang: false, detail: '{}' };
    write(
      { kind: 'hunt', at: START, pbx: 'asterisk', hunt: 'x', leg: 'l', number: '1', policy: 'p' },
      ...[
        {
          kind: 'attempt-end',
          at: START,
          pbx: 'asterisk',
          hunt: 'x',
          trunk: 'a',
          completes: false,
          failure,
        } as const,
      ],
    );
    expect(calls({ class: 'busy' })).toMatchObject([{ attempts: 1, failures: 1 }]);
  });

  it('are kept whole or not at all', () => {
    const { write, calls } = journal();
    const broken = { kind: 'hunt', at: START, pbx: null } as unknown as JournalEntry;
    expect(() => write(...call(SAVED), broken)).toThrow();
    expect(calls()).toEqual([]);
    write(...call(SAVED));
    expect(calls()).toHaveLength(1);
  });
});

describe('the file', () => {
  it('has everything after the process was killed, with its lock left behind', () => {
    const file = join(folder, 'journal.db');
    const first = journal(file);
    first.write(...call(SAVED));
    // Not closed: what kill -9 leaves.
    const copy = join(folder, 'killed.db');
    for (const part of ['', '-wal']) writeFileSync(copy + part, readFileSync(file + part));
    const second = journal(copy);
    expect(second.calls()).toMatchObject([{ hunt: 'saved', saved: true }]);
    second.close();
    first.close();
    expect(existsSync(`${file}.lock`)).toBe(false);
  });

  it('on a full disk keeps what it had, and goes on once there is room', () => {
    const { write, calls, database } = journal(join(folder, 'journal.db'));
    write(...call(SAVED));
    const pages = Number(database.get('PRAGMA page_count')?.['page_count']);
    // SQLite's own limit ends in the same error as a full disk.
    database.exec(`PRAGMA max_page_count=${pages}`);
    const many = Array.from({ length: 500 }, (_, index) => call({ ...FAILED, id: `f${index}` }));
    expect(() => write(...many.flat())).toThrow(/full/);
    expect(calls()).toMatchObject([{ hunt: 'saved' }]);
    database.exec('PRAGMA max_page_count=1000000');
    write(...call(FAILED));
    expect(calls()).toHaveLength(2);
  });

  it('opens again and again', () => {
    const file = join(folder, 'journal.db');
    for (const id of ['a', 'b', 'c']) {
      const { write, close } = journal(file);
      write(...call({ ...SAVED, id }));
      close();
    }
    expect(journal(file).calls()).toHaveLength(3);
  });

  it.each([
    ['no database at all', Buffer.alloc(8192, 'x')],
    ['a database with garbage inside', undefined],
  ])('that is %s is put aside, and a new one begun', (_, bytes) => {
    const file = join(folder, 'journal.db');
    const { write, close } = journal(file);
    write(...call(SAVED));
    close();
    const whole = readFileSync(file);
    writeFileSync(
      file,
      bytes ?? Buffer.concat([whole.subarray(0, 100), Buffer.alloc(whole.length - 100, 0xff)]),
    );
    const { setAside, calls } = journal(file);
    expect(setAside).toMatch(/journal\.db\.damaged-2026-01-31T120000\.000Z$/);
    expect(readdirSync(folder).filter((name) => name.includes('damaged'))).toHaveLength(1);
    expect(calls()).toEqual([]);
  });

  it('is not opened where it is a pipe, which would be waited for, or a folder', () => {
    const pipe = join(folder, 'pipe.db');
    expect(spawnSync('mkfifo', [pipe]).status).toBe(0);
    expect(() => journal(pipe)).toThrow(/is no plain file/);
    expect(() => journal(folder)).toThrow(/is no plain file/);
  });

  it('of a newer crankback is left alone', () => {
    const file = join(folder, 'journal.db');
    const { database, close } = journal(file);
    database.exec(`PRAGMA user_version=${MIGRATIONS.length + 1}`);
    close();
    const before = readFileSync(file);
    expect(() => journal(file)).toThrow(NewerJournal);
    expect(() => journal(file)).toThrow(/newer crankback .* or name another file/);
    expect(readFileSync(file)).toEqual(before);
  });
});

describe('the times of a leg', () => {
  const of = { pbx: 'asterisk', hunt: 'saved' };
  const times = (id: string, invitedAt: number, more: object = {}) => ({
    ...{ id, callId: `${id}@sip`, invitedAt },
    ...more,
  });
  const failed = (id: string, trunk: string, began: number): JournalEntry => ({
    ...{ kind: 'timed', at: START, ...of, trunk },
    times: times(id, START + began, { endedAt: START + began + 400 }),
  });
  const legs = (database: ReturnType<typeof journal>['database']) =>
    callOf(database, { id: 'saved', number: '' })?.legs.map((one) => one.times);

  it('belong to the attempt of their trunk, in order, also where one trunk is tried twice', () => {
    const { database, write } = journal();
    write(...call({ ...SAVED, attempts: ['carrier-a 503', 'carrier-a 503', 'carrier-b'] }));
    const whole = times('b', START + 2001, {
      ...{ firstResponseAt: START + 2002, rangAt: START + 2100, answeredAt: START + 2500 },
      ...{ endedAt: START + 9000, local: '192.0.2.1:5060', far: '192.0.2.2:5060' },
      codecs: ['PCMA', 'G722'],
    });
    const { endedAt, ...answered } = whole as typeof whole & { endedAt: number };
    write(
      failed('a1', 'carrier-a', 1),
      failed('a2', 'carrier-a', 1001),
      { kind: 'timed', at: START, ...of, trunk: 'carrier-b', times: answered },
      { kind: 'timed', at: endedAt, ...of, trunk: 'carrier-b', times: whole },
    );
    expect(legs(database)).toEqual([
      // The end of a failure is the attempt's own.
      times('a1', START + 1),
      times('a2', START + 1001),
      whole,
    ]);
  });

  it('of several phones of one attempt are those of the phone that answered', () => {
    const { database, write } = journal();
    write(...call({ ...SAVED, attempts: ['phones'] }));
    write(failed('first', 'phones', 1), {
      ...{ kind: 'timed', at: START, ...of, trunk: 'phones' },
      times: times('second', START + 1, { answeredAt: START + 300 }),
    });
    expect(legs(database)).toEqual([times('second', START + 1, { answeredAt: START + 300 })]);
  });

  it('of an attempt of the user’s own are found by its leg', () => {
    const { database, write } = journal();
    const observed = { pbx: 'asterisk', leg: 'l', number: '1', trunk: 'a', known: true, ms: 1 };
    for (const legId of ['x', 'y']) write({ kind: 'observed', at: START, ...observed, legId });
    write({ kind: 'timed', at: START, pbx: 'asterisk', trunk: 'a', times: times('y', START) });
    expect(database.all('SELECT leg, call_id FROM attempts ORDER BY row')).toEqual([
      { leg: 'x', call_id: null },
      { leg: 'y', call_id: 'y@sip' },
    ]);
  });

  it('bring Call-IDs, by which a call is found: leg A’s and each leg B’s', () => {
    const { database, write } = journal();
    write(...call(BUSY), ...call(SAVED), failed('a1', 'carrier-a', 1));
    write({
      kind: 'hunt',
      ...of,
      at: START,
      hunt: 'late',
      leg: 'l',
      callerCallId: 'c@phone',
      number: '2',
      policy: 'p',
    });
    const found = (id: string) => callOf(database, { id, number: id })?.hunt;
    expect(['a1@sip', 'c@phone', '4930', 'nobody'].map(found)).toEqual([
      ...['saved', 'late', undefined, undefined],
    ]);
    expect(callOf(database, { id: 'late', number: '' })?.callerCallId).toBe('c@phone');
  });

  it('are added to a journal of the first version', () => {
    const file = join(folder, 'journal.db');
    const first = new Database(file);
    first.exec(MIGRATIONS[0] ?? '');
    first.exec('PRAGMA user_version = 1');
    first.close();
    const { database, write, close } = journal(file);
    write(...call(SAVED), failed('a1', 'carrier-a', 1));
    expect(legs(database)?.[0]).toEqual(times('a1', START + 1));
    close();
  });
});

describe('retention', () => {
  const some = (count: number, at: number) =>
    Array.from({ length: count }, (_, index) =>
      call({ ...SAVED, id: `${at}-${index}`, at: at + index }),
    ).flat();

  it('deletes what is older, with all that belongs to it, and keeps the policy that decided the rest', () => {
    const { database, write, calls } = journal();
    for (const [hash, at] of [
      ['old', 1],
      ['before', 2],
      ['during', 40],
    ] as const)
      write({ kind: 'policy', at: START + at * DAY, hash, file: '/p', text: `# ${hash}` });
    write(...some(10, START), ...some(3, START + 38 * DAY));
    write({
      kind: 'observed',
      at: START,
      pbx: 'asterisk',
      leg: 'l',
      number: '1',
      trunk: 'a',
      known: true,
      ms: 1,
    });
    expect(retain(database, { days: 30, bytes: 1e9 }, START + 41 * DAY)).toBe(false);
    expect(calls()).toHaveLength(3);
    const left = (table: string) => database.get(`SELECT count(*) AS n FROM ${table}`)?.['n'];
    expect([left('attempts'), left('decisions')]).toEqual([6, 6]);
    expect(
      database.all('SELECT hash FROM policies ORDER BY first_at').map(({ hash }) => hash),
    ).toEqual([...['before', 'during']]);
  });

  it('leaves less room in memory than in a file', () => {
    expect(retentionInMemory({ days: 30, bytes: 1e9 })).toEqual({ days: 30, bytes: 67_108_864 });
    expect(retentionInMemory({ days: 1, bytes: 1e6 })).toEqual({ days: 1, bytes: 1e6 });
  });

  it('goes by bytes where they are reached first, in steps', () => {
    const { database, write, calls } = journal();
    for (let at = 0; at < 6; at++) write(...some(100, START + at * 1_000_000));
    const limit = usedBytes(database) / 2;
    let steps = 0;
    while (usedBytes(database) > limit && steps < 20) {
      retain(database, { days: 30, bytes: limit }, START + DAY, 50);
      steps += 1;
    }
    expect(steps).toBeGreaterThan(2);
    expect(usedBytes(database)).toBeLessThanOrEqual(limit);
    const kept = calls({ limit: 100_000 });
    expect(kept.length).toBeGreaterThan(100);
    expect(kept[0]?.startedAt).toBe(START + 5_000_099);
  });
});
