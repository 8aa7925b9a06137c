import type { Database } from 'node-sqlite3-wasm';

/** Which calls are asked for; what is absent does not matter. Times are Unix time in milliseconds. */
export interface CallFilter {
  readonly since?: number | undefined;
  readonly until?: number | undefined;
  readonly trunk?: string | undefined;
  /** As dialled; a `*` at its end stands for any more digits. */
  readonly to?: string | undefined;
  readonly from?: string | undefined;
  readonly class?: string | undefined;
  readonly sip?: number | undefined;
  readonly pbx?: string | undefined;
  /** Name of the instance that decided. */
  readonly instance?: string | undefined;
  readonly result?: CallResult | undefined;
  /** Of the latest 20,000 calls those that began or went on since then, so that somebody who follows pays little. */
  readonly changed?: number | undefined;
  /** Only calls that began before the one of this cursor; see `CallPage`. */
  readonly before?: string | undefined;
  readonly limit: number;
}

/** `saved`: a later attempt, or the mailbox, took what an earlier one had refused. */
export const CALL_RESULTS = ['saved', 'failed', 'fallback', 'answered'] as const;
export type CallResult = (typeof CALL_RESULTS)[number];

/** One call in a list. */
export interface CallRow {
  /** Name of the instance that decided; absent where no fleet is set. */
  readonly instance?: string;
  readonly hunt: string;
  readonly pbx: string;
  readonly number: string;
  readonly caller?: string;
  readonly startedAt: number;
  readonly endedAt?: number;
  /** Of the last decision, or `answered`; absent where nothing was decided. */
  readonly outcome?: string;
  /** Dialled last. */
  readonly trunk?: string;
  /** The caller's final status, where it was relayed. */
  readonly sip?: number;
  /** Class of the last failure. */
  readonly class?: string;
  readonly attempts: number;
  readonly failures: number;
  readonly fellBack: boolean;
  readonly saved: boolean;
}

export interface CallPage {
  readonly calls: readonly CallRow[];
  /** The next page's `before`; absent at the end. */
  readonly next?: string;
}

/** Without an index of its own: what is written last is at the end of the table. */
const CHANGED = `h.row > (SELECT max(row) FROM hunts) - 20000 AND (
  max(h.started_at, coalesce(h.answered_at, 0), coalesce(h.ended_at, 0)) >= ?
  OR EXISTS (SELECT 1 FROM decisions d WHERE d.hunt = h.row AND d.at >= ?)
  OR EXISTS (SELECT 1 FROM attempts t WHERE t.hunt = h.row AND t.ended_at >= ?)
)`;

const RESULTS: Readonly<Record<CallResult, string>> = {
  saved: `failures > 0 AND h.fell_back = 0 AND (h.answered_at IS NOT NULL OR h.outcome = 'voicemail')`,
  failed: `failures > 0 AND h.answered_at IS NULL AND h.outcome != 'voicemail'`,
  fallback: `fell_back = 1`,
  answered: `answered_at IS NOT NULL`,
};

/** Calls, the latest first. What an attempt must have, one attempt must have together. */
export function callsOf(database: Database, filter: CallFilter): CallPage {
  const { limit } = filter;
  const byAttempt = [filter.trunk, filter.class, filter.sip].some((asked) => asked !== undefined);
  const from = byAttempt ? 'attempts a JOIN hunts h ON h.row = a.hunt' : 'hunts h';
  // By an index that has the order already, so that a page costs what it shows.
  const [time, row] = byAttempt ? ['a.began_at', 'a.row'] : ['h.started_at', 'h.row'];
  const { where, values } = conditionsOf(filter, `(${time}, ${row})`);
  const statement = database.prepare(
    `SELECT h.*, ${instanceOf('h')}, ${time} AS cursor_at, ${row} AS cursor_row FROM ${from} WHERE ${[...where, '1'].join(' AND ')} ORDER BY ${time} DESC, ${row} DESC`,
  );
  const found = new Map<number, CallRow>();
  let cursor = '';
  let next: string | undefined;
  try {
    for (const result of statement.iterate(values)) {
      const hunt = result as Row;
      const number = Number(hunt['row']);
      if (found.has(number)) continue;
      if (found.size === limit) {
        next = cursor;
        break;
      }
      found.set(number, callRow(hunt));
      cursor = `${hunt['cursor_at']}-${hunt['cursor_row']}`;
    }
  } finally {
    statement.finalize();
  }
  return { calls: [...found.values()], ...(next !== undefined && { next }) };
}

/** @param place what pages are cut by */
function conditionsOf(filter: CallFilter, place: string) {
  const where: string[] = [];
  const values: (string | number)[] = [];
  const ask = (sql: string, ...given: readonly (string | number | undefined)[]): void => {
    const known = given.filter((value) => value !== undefined);
    if (known.length < given.length) return;
    where.push(sql);
    values.push(...known);
  };
  ask('h.started_at >= ?', filter.since);
  ask('h.started_at < ?', filter.until);
  ask('h.pbx = ?', filter.pbx);
  ask('h.instance IN (SELECT row FROM instances WHERE name = ?)', filter.instance);
  ask('a.trunk = ?', filter.trunk);
  ask('a.class = ?', filter.class);
  ask('a.sip = ?', filter.sip);
  // An attempt never begins before its call.
  if (filter.trunk ?? filter.class ?? filter.sip) ask('a.began_at >= ?', filter.since);
  number('h.number', filter.to, ask);
  number('h.caller', filter.from, ask);
  const { changed } = filter;
  ask(CHANGED, changed, changed, changed);
  if (filter.result !== undefined) ask(`h.${RESULTS[filter.result]}`);
  const [, at, row] = /^(\d{1,15})-(\d{1,15})$/.exec(filter.before ?? '') ?? [];
  if (at !== undefined && row !== undefined) ask(`${place} < (?, ?)`, Number(at), Number(row));
  return { where, values };
}

/** As a range where it is a prefix, which an index has; beyond the digits comes `~`. */
function number(
  column: string,
  asked: string | undefined,
  ask: (sql: string, ...values: readonly string[]) => void,
): void {
  if (asked === undefined) return;
  if (!asked.endsWith('*')) return ask(`${column} = ?`, asked);
  const prefix = asked.slice(0, -1);
  ask(`${column} >= ? AND ${column} < ?`, prefix, `${prefix}~`);
}

export type Row = Readonly<Record<string, string | number | null>>;

/** As a column of a query: who has decided the calls of this table. */
export function instanceOf(table: string): string {
  return `(SELECT nullif(name, '') FROM instances i WHERE i.row = ${table}.instance) AS instance_name`;
}

export function callRow(row: Row): CallRow {
  const text = (name: string) => row[name] as string;
  const count = (name: string) => Number(row[name]);
  const outcome = row['outcome'];
  const answered = row['answered_at'] !== null;
  const fellBack = row['fell_back'] === 1;
  const saved = count('failures') > 0 && !fellBack && (answered || outcome === 'voicemail');
  return {
    ...present(row, { instance_name: 'instance' }),
    hunt: text('id'),
    pbx: text('pbx'),
    number: text('number'),
    startedAt: count('started_at'),
    ...present(row, {
      caller: 'caller',
      ended_at: 'endedAt',
      outcome: 'outcome',
      trunk: 'trunk',
      sip: 'sip',
      class: 'class',
    }),
    attempts: count('attempts'),
    failures: count('failures'),
    fellBack,
    saved,
  };
}

/** The columns that have a value, by their names in answers. */
export function present(row: Row, names: Readonly<Record<string, string>>): object {
  return Object.fromEntries(
    Object.entries(names).flatMap(([column, name]) => {
      const value = row[column];
      return value === null || value === undefined ? [] : [[name, value]];
    }),
  );
}
