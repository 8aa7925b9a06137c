import type { Database } from 'node-sqlite3-wasm';
import type { CallFilter, CallResult } from './calls-filter';

/** By which index calls are looked through, the latest first. */
export interface Way {
  /** Attempts, each with its call, or calls. */
  readonly of: 'attempts' | 'hunts';
  /** `NOT INDEXED`, or the index by its name. */
  readonly index: string;
  /** Few enough to be read and sorted at once. */
  readonly few?: true;
}

export interface Condition {
  readonly sql: string;
  readonly values: readonly (string | number)[];
}

/** So many of a prefix are sorted rather than looked for in the order of time. */
const FEW = 3_000;
/** What an attempt may be told of later than its call's end. Milliseconds. */
const LATER_MS = 60_000;

/** Without an index of its own: what is written last is at the end of the table. */
const CHANGED = `h.row > (SELECT max(row) FROM hunts) - 20000 AND (
  max(h.started_at, coalesce(h.answered_at, 0), coalesce(h.ended_at, 0)) >= ?
  OR (coalesce(h.ended_at, 1e15) >= ? AND (
    EXISTS (SELECT 1 FROM decisions d WHERE d.hunt = h.row AND d.at >= ?)
    OR EXISTS (SELECT 1 FROM attempts t WHERE t.hunt = h.row AND t.ended_at >= ?)
  ))
)`;

const RESULTS: Readonly<Record<CallResult, string>> = {
  saved: `h.failures > 0 AND h.fell_back = 0 AND (h.answered_at IS NOT NULL OR h.outcome = 'voicemail')`,
  failed: `h.failures > 0 AND h.answered_at IS NULL AND h.outcome != 'voicemail'`,
  fallback: `h.fell_back = 1`,
  answered: `h.answered_at IS NOT NULL`,
};

/**
 * The index that has the fewest calls for the filter, as far as that is known.
 * @param begun what the page before was found among, so that no place changes its meaning while calls come in
 */
export function wayOf(database: Database, filter: CallFilter, begun?: Way['of']): Way {
  const { trunk, to, from, sip, pbx, result } = filter;
  if (filter.changed !== undefined) return { of: 'hunts', index: 'NOT INDEXED', few: true };
  const by = (index: string): Way => ({ of: 'hunts', index: `INDEXED BY hunts_${index}` });
  for (const [column, asked] of [
    ['number', to],
    ['caller', from],
  ] as const) {
    if (asked === undefined || (asked.endsWith('*') && begun === 'attempts')) continue;
    if (!asked.endsWith('*') ? column === 'number' : isFew(database, column, asked))
      return asked.endsWith('*') ? { ...by(column), few: true } : by(column);
  }
  if (result === 'fallback') return by('fell_back');
  if (from !== undefined && !from.endsWith('*')) return by('caller');
  const attempts = (index: string): Way => ({
    of: 'attempts',
    index: `INDEXED BY attempts_${index}`,
  });
  if (begun !== 'hunts') {
    if (sip !== undefined) return attempts(trunk === undefined ? 'sip' : 'trunk_sip');
    if (filter.class !== undefined) return attempts(trunk === undefined ? 'class' : 'trunk_class');
    if (trunk !== undefined) return attempts('trunk');
  }
  if (result === 'saved' || result === 'failed') return by('failed');
  return by(pbx === undefined ? 'started' : 'pbx');
}

function isFew(database: Database, column: string, prefix: string): boolean {
  const { sql, values } = numbered(column, prefix);
  const found = database.get(
    `SELECT count(*) AS n FROM (SELECT 1 FROM hunts h WHERE ${sql} LIMIT ${FEW + 1})`,
    [...values],
  );
  return Number(found?.['n']) <= FEW;
}

/** Those that the index has, but for its time, and all others. */
export function conditionsOf(
  filter: CallFilter,
  { of, index }: Way,
): { readonly indexed: readonly Condition[]; readonly other: readonly Condition[] } {
  const { since, until, changed } = filter;
  const indexed: Condition[] = [];
  const other: Condition[] = [];
  const is = (column: string, value: string | number | undefined): Condition[] =>
    value === undefined ? [] : [{ sql: `${column} = ?`, values: [value] }];
  const sort = (isIndexed: boolean, conditions: readonly Condition[]): void =>
    void (isIndexed ? indexed : other).push(...conditions);
  const has = (name: string): boolean => index.split(/[ _]/).includes(name);
  const ofAttempt = {
    trunk: is('a.trunk', filter.trunk),
    sip: is('a.sip', filter.sip),
    class: is('a.class', filter.class),
  };
  const asked = Object.values(ofAttempt).flat();
  if (of === 'attempts') {
    for (const [name, condition] of Object.entries(ofAttempt)) sort(has(name), condition);
    indexed.push({ sql: 'a.hunt IS NOT NULL', values: [] });
    // The first one stands for its call, whatever comes after a page was read.
    const earlier = asked.map(({ sql, values }) => ({ sql: sql.replace('a.', 'e.'), values }));
    other.push({
      sql: `NOT EXISTS (SELECT 1 FROM attempts e INDEXED BY attempts_hunt WHERE e.hunt = a.hunt AND (e.began_at, e.row) < (a.began_at, a.row) AND ${all(earlier)})`,
      values: valuesOf(earlier),
    });
  }
  if (of === 'hunts' && asked.length > 0)
    other.push({
      sql: `EXISTS (SELECT 1 FROM attempts a INDEXED BY attempts_hunt WHERE a.hunt = h.row AND ${all(asked)})`,
      values: valuesOf(asked),
    });
  // Of an index of calls, they are where the search begins and ends.
  if (of === 'attempts' || changed !== undefined) {
    if (since !== undefined) other.push({ sql: 'h.started_at >= ?', values: [since] });
    if (until !== undefined) other.push({ sql: 'h.started_at < ?', values: [until] });
  }
  if (filter.to !== undefined) sort(has('number'), [numbered('number', filter.to)]);
  if (filter.from !== undefined) sort(has('caller'), [numbered('caller', filter.from)]);
  sort(has('pbx'), is('h.pbx', filter.pbx));
  if (filter.instance !== undefined)
    other.push({
      sql: 'h.instance IN (SELECT row FROM instances WHERE name = ?)',
      values: [filter.instance],
    });
  if (filter.result !== undefined) other.push({ sql: RESULTS[filter.result], values: [] });
  // As the partial indices say it.
  if (has('failed')) indexed.push({ sql: 'h.failures > 0', values: [] });
  if (has('fell')) indexed.push({ sql: 'h.fell_back = 1', values: [] });
  if (changed !== undefined)
    other.push({ sql: CHANGED, values: [changed, changed - LATER_MS, changed, changed] });
  return { indexed, other };
}

/** As a range where it is a prefix, which an index has; beyond the digits comes `~`. */
function numbered(column: string, asked: string): Condition {
  if (!asked.endsWith('*')) return { sql: `h.${column} = ?`, values: [asked] };
  const prefix = asked.slice(0, -1);
  return { sql: `h.${column} >= ? AND h.${column} < ?`, values: [prefix, `${prefix}~`] };
}

export function all(conditions: readonly Condition[]): string {
  return ['1', ...conditions.map(({ sql }) => sql)].join(' AND ');
}

export function valuesOf(conditions: readonly Condition[]): (string | number)[] {
  return conditions.flatMap(({ values }) => values);
}
