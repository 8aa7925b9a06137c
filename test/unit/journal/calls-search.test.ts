import { openJournal } from '../../../src/journal/database';
import type { JournalEntry } from '../../../src/journal/entry';
import { callsOf, type CallFilter } from '../../../src/journal/read/calls';
import { JournalWriter } from '../../../src/journal/writer';

const START = Date.UTC(2026, 0, 31, 12);
const CALLS = 3_000;
const STEP = 1_000;
const TRUNKS = ['a', 'b', 'c'] as const;

interface Told {
  readonly id: string;
  readonly at: number;
  readonly pbx: string;
  readonly number: string;
  readonly caller: string;
  /** Trunk and status; without a status it answered. */
  readonly attempts: readonly (readonly [string, number?])[];
  readonly fellBack: boolean;
}

/** Of every sort some, and some of them very seldom. */
const CALLED: readonly Told[] = Array.from({ length: CALLS }, (_, index) => {
  const status = index % 350 === 0 ? 402 : index % 3 === 0 ? 503 : 486;
  const failed = index % 4 === 0 ? ([[TRUNKS[index % 3] ?? 'a', status]] as const) : [];
  const answered = index % 8 === 0 ? [] : ([[TRUNKS[(index + 1) % 3] ?? 'a']] as const);
  return {
    id: `h${index}`,
    // Some at the same moment.
    at: START + Math.floor(index / 3) * STEP,
    pbx: index % 999 === 0 ? 'freeswitch' : 'asterisk',
    number: `0${170 + (index % 5)}${String(index).padStart(5, '0')}`,
    caller: index % 2 === 0 ? '4930' : `4989${index % 100}`,
    attempts: [...failed, ...answered],
    fellBack: index % 750 === 8,
  };
});

const classOf = (status: number): string =>
  ({ 402: 'no-credit', 486: 'busy' })[status] ?? 'trunk-congested';

function entriesOf({ id, at, pbx, number, caller, attempts, fellBack }: Told): JournalEntry[] {
  const of = { pbx, hunt: id };
  return [
    { kind: 'hunt', ...of, at, leg: 'l', number, policy: 'p' },
    ...attempts.flatMap(([trunk, status]): JournalEntry[] => [
      {
        ...{ kind: 'decision', ...of, at, on: 'route', outcome: 'dial', trunk, caller },
        detail: '{}',
      },
      status === undefined
        ? { kind: 'answered', ...of, at: at + 1, trunk }
        : {
            ...{ kind: 'attempt-end', ...of, at: at + 1, trunk, completes: false },
            failure: {
              ...{ class: classOf(status), fault: 'trunk', sip: status, rang: false },
              detail: '{}',
            },
          },
    ]),
    ...(fellBack ? [{ kind: 'not-carried-out', ...of, at, why: 'x' } as const] : []),
    // Of the user's own dialplan: no call of the list.
    { kind: 'observed', at, pbx, leg: 'l', number, trunk: 'a', known: true, ms: 1 },
  ];
}

const { database } = openJournal(':memory:', START);
new JournalWriter(database).write(CALLED.flatMap(entriesOf));

/** Without any index. */
function expected(filter: Partial<CallFilter>): readonly string[] {
  const { since = 0, until = Infinity, trunk, sip, to, from, pbx, result } = filter;
  const number = (asked: string | undefined, is: string): boolean =>
    asked === undefined || (asked.endsWith('*') ? is.startsWith(asked.slice(0, -1)) : is === asked);
  const found = CALLED.filter((call) => {
    const failures = call.attempts.filter(([, status]) => status !== undefined).length;
    const answered = failures < call.attempts.length;
    const results = {
      saved: failures > 0 && answered && !call.fellBack,
      failed: failures > 0 && !answered,
      fallback: call.fellBack,
      answered,
    };
    const ofAttempt = call.attempts.some(
      ([name, status]) =>
        (trunk ?? name) === name &&
        (sip === undefined || sip === status) &&
        (filter.class === undefined || (status !== undefined && classOf(status) === filter.class)),
    );
    const asksForAttempt = [trunk, sip, filter.class].some((one) => one !== undefined);
    return (
      call.at >= since &&
      call.at < until &&
      (pbx ?? call.pbx) === call.pbx &&
      number(to, call.number) &&
      number(from, call.attempts.length > 0 ? call.caller : '') &&
      (result === undefined || results[result]) &&
      (!asksForAttempt || ofAttempt)
    );
  });
  return found.map(({ id }) => id).sort(byIndexDown);
}

const byIndexDown = (one: string, other: string): number =>
  Number(other.slice(1)) - Number(one.slice(1));

/** Page by page, as whoever follows `next`; a look that takes no time sees one slice of the index. */
function read(filter: Partial<CallFilter>, limit: number, lookingMs?: number) {
  const found = new Set<string>();
  let before: string | undefined;
  let pages = 0;
  do {
    const page = callsOf(database, { limit, ...filter, before }, lookingMs);
    for (const { hunt } of page.calls) found.add(hunt);
    before = page.next;
    pages += 1;
  } while (before !== undefined);
  return { found: [...found], pages };
}

const MIDDLE = START + (CALLS / 6) * STEP;

describe('calls that are looked for', () => {
  it.each<Partial<CallFilter>>([
    {},
    { since: MIDDLE },
    { until: MIDDLE },
    { since: MIDDLE, until: MIDDLE + 200 * STEP },
    { trunk: 'b' },
    { trunk: 'x' },
    { sip: 503 },
    { sip: 402 },
    { sip: 488 },
    { class: 'busy' },
    { class: 'no-credit' },
    { trunk: 'a', sip: 503 },
    { trunk: 'a', sip: 486, since: MIDDLE },
    { trunk: 'b', class: 'busy', until: MIDDLE },
    { trunk: 'c', sip: 402, class: 'no-credit' },
    { trunk: 'a', class: 'busy', sip: 503 },
    { result: 'saved' },
    { result: 'failed' },
    { result: 'answered' },
    { result: 'fallback' },
    { result: 'saved', trunk: 'a' },
    { result: 'fallback', trunk: 'a' },
    { result: 'failed', sip: 486, pbx: 'freeswitch' },
    { pbx: 'freeswitch' },
    { pbx: 'freeswitch', since: MIDDLE },
    { pbx: 'none' },
    { to: '017000005' },
    { to: '0170*' },
    { to: '01700000*' },
    { to: '0*' },
    { to: '0*', result: 'fallback' },
    { to: '09*' },
    { to: '017000005', trunk: 'a' },
    { from: '4930' },
    { from: '4930', since: MIDDLE },
    { from: '4930', trunk: 'c', result: 'saved' },
    { from: '498917' },
    { from: '4989*', to: '0171*' },
    { from: '49*', sip: 402 },
  ])('by %j are the same by any index, and on any pages', (filter) => {
    const all = expected(filter);
    const inOrder = (ids: readonly string[]) => [...ids].sort(byIndexDown);
    for (const limit of [40, 1_000])
      for (const lookingMs of [0, undefined])
        expect(inOrder(read(filter, limit, lookingMs).found)).toEqual(all);
  });

  it('come the latest first', () => {
    const { calls } = callsOf(database, { limit: 100, result: 'answered' });
    const ids = calls.map(({ hunt }) => hunt);
    expect(ids).toEqual([...ids].sort(byIndexDown));
  });

  it('end a page where it has looked for long enough, and go on from there', () => {
    const seldom = { trunk: 'a', pbx: 'freeswitch' } as const;
    const first = callsOf(database, { limit: 50, ...seldom }, 0);
    expect(first.calls.length).toBeLessThan(expected(seldom).length);
    expect(first.next).toBeDefined();
    expect(read(seldom, 50, 0).pages).toBeGreaterThan(2);
    expect(read(seldom, 50, 60_000).pages).toBe(1);
  });
});
