/** Pages of calls while calls go on and come in: nothing twice, nothing lost. */
import type { Database } from 'node-sqlite3-wasm';
import { openJournal } from '../../../src/journal/database';
import type { JournalEntry } from '../../../src/journal/entry';
import { callsOf, type CallFilter } from '../../../src/journal/read/calls';
import { JournalWriter } from '../../../src/journal/writer';

const START = Date.UTC(2026, 0, 31, 12);
const SECOND = 1_000;
/** Of any test; who comes back without end has more. */
const MOST = 100;

let database: Database;
let writer: JournalWriter;
beforeEach(() => {
  ({ database } = openJournal(':memory:', START));
  writer = new JournalWriter(database);
});
afterEach(() => database.close());

const write = (...entries: readonly JournalEntry[]): void => writer.write([...entries]);

function begun(id: string, at: number, number = '030123'): JournalEntry {
  return { kind: 'hunt', pbx: 'asterisk', hunt: id, at, leg: 'l', number, policy: 'p' };
}

/** An attempt on carrier-a that fails with a 503. */
function failed(id: string, at: number): readonly JournalEntry[] {
  const of = { pbx: 'asterisk', hunt: id, trunk: 'carrier-a' };
  return [
    { kind: 'decision', ...of, at, on: 'route', outcome: 'dial', detail: '{}' },
    {
      ...{ kind: 'attempt-end', ...of, at: at + 5, completes: false },
      failure: {
        ...{ class: 'trunk-congested', fault: 'trunk', sip: 503, rang: false, detail: '{}' },
      },
    },
  ];
}

/** Page by page. @param between what happens while the client reads */
function read(filter: Partial<CallFilter>, limit: number, lookingMs?: number, between = () => {}) {
  const found: string[] = [];
  let before: string | undefined;
  do {
    const page = callsOf(database, { limit, ...filter, before }, lookingMs);
    found.push(...page.calls.map(({ hunt }) => hunt));
    before = page.next;
    between();
  } while (before !== undefined && found.length < MOST);
  return found;
}

const FILTERS: readonly Partial<CallFilter>[] = [
  {},
  { trunk: 'carrier-a' },
  { sip: 503 },
  { class: 'trunk-congested' },
  { trunk: 'carrier-a', sip: 503 },
  { trunk: 'carrier-a', class: 'trunk-congested', since: START },
  { result: 'failed' },
  { to: '030*', trunk: 'carrier-a' },
];

describe.each(FILTERS)('pages by %j', (filter) => {
  const CALLS = 40;
  const told = Array.from({ length: CALLS }, (_, index) => `h${index}`);

  /** Calls that each try one trunk several times, one among the other. */
  function recorded(): void {
    for (const [index, id] of told.entries()) {
      write(begun(id, START + index * SECOND));
      for (let attempt = 0; attempt < 1 + (index % 4); attempt += 1)
        write(...failed(id, START + index * SECOND + attempt * 3_500));
    }
  }

  it.each([
    [1, undefined],
    [3, undefined],
    [3, 0],
    [100, 0],
  ])('of %d have each call once (looking for %s ms)', (limit, lookingMs) => {
    recorded();
    const found = read(filter, limit, lookingMs);
    expect([...found].sort()).toEqual([...told].sort());
  });

  it('have each call once while all of them try again, and others come', () => {
    recorded();
    let turn = 0;
    const found = read(filter, 3, undefined, () => {
      turn += 1;
      const at = START + (100 + turn) * SECOND;
      write(begun(`new-${turn}`, at), ...failed(`new-${turn}`, at));
      for (const id of told) write(...failed(id, at + 1));
    });
    expect([...found].sort()).toEqual([...told].sort());
  });
});

it('pages by the beginning of numbers go on in their order when there are too many to be sorted', () => {
  const told = Array.from({ length: 6 }, (_, index) => `h${index}`);
  for (const [index, id] of told.entries()) {
    const at = START + index * SECOND;
    // Calls that wait long before they fail: those of attempts are in another order.
    write(begun(id, at), ...failed(id, at + (6 - index) * 10 * SECOND));
  }
  const later = Array.from({ length: 3_000 }, (_, index) =>
    begun(`n${index}`, START + 200 * SECOND + index),
  );
  const found = read({ to: '030*', sip: 503 }, 1, undefined, () => write(...later.splice(0)));
  expect(found).toEqual(['h5', 'h4', 'h3', 'h2', 'h1', 'h0']);
});

it('pages by attempts go on in their order when few numbers are left', () => {
  const told = Array.from({ length: 6 }, (_, index) => `h${index}`);
  write(...Array.from({ length: 3_000 }, (_, index) => begun(`n${index}`, START + index)));
  for (const [index, id] of told.entries()) {
    const at = START + (10 + index) * SECOND;
    write(begun(id, at), ...failed(id, at + (6 - index) * 10 * SECOND));
  }
  const found = read({ to: '030*', sip: 503 }, 1, undefined, () =>
    database.run(`DELETE FROM hunts WHERE id LIKE 'n%'`),
  );
  expect(found).toEqual(['h0', 'h1', 'h2', 'h3', 'h4', 'h5']);
});
