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
  readonly result?: CallResult | undefined;
  /** Only calls that began before the one of this cursor; see `CallPage`. */
  readonly before?: number | undefined;
  readonly limit: number;
}

/** `saved`: a later attempt, or the mailbox, took what an earlier one had refused. */
export const CALL_RESULTS = ['saved', 'failed', 'fallback', 'answered'] as const;
export type CallResult = (typeof CALL_RESULTS)[number];

/** One call in a list. */
export interface CallRow {
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
  readonly next?: number;
}

const RESULTS: Readonly<Record<CallResult, string>> = {
  saved: `failures > 0 AND fell_back = 0 AND (answered_at IS NOT NULL OR outcome = 'voicemail')`,
  failed: `failures > 0 AND answered_at IS NULL AND outcome != 'voicemail'`,
  fallback: `fell_back = 1`,
  answered: `answered_at IS NOT NULL`,
};

/** Calls, the latest first. What an attempt must have, one attempt must have together. */
export function callsOf(database: Database, filter: CallFilter): CallPage {
  const { since, until, to, from, pbx, result, before, limit } = filter;
  const where: string[] = [];
  const values: (string | number)[] = [];
  const ask = (sql: string, ...given: (string | number)[]): void => {
    where.push(sql);
    values.push(...given);
  };
  if (since !== undefined) ask('started_at >= ?', since);
  if (until !== undefined) ask('started_at < ?', until);
  if (before !== undefined) ask('row < ?', before);
  if (to !== undefined) ask('number GLOB ?', globOf(to));
  if (from !== undefined) ask('caller GLOB ?', globOf(from));
  if (pbx !== undefined) ask('pbx = ?', pbx);
  if (result !== undefined) ask(RESULTS[result]);
  const attempt = attemptFilter(filter);
  if (attempt.where.length > 0)
    ask(
      `row IN (SELECT hunt FROM attempts WHERE ${attempt.where.join(' AND ')})`,
      ...attempt.values,
    );
  const condition = where.length > 0 ? `WHERE ${where.join(' AND ')}` : '';
  const rows = database.all(`SELECT * FROM hunts ${condition} ORDER BY row DESC LIMIT ?`, [
    ...values,
    limit + 1,
  ]);
  const shown = rows.slice(0, limit);
  const last = shown.at(-1)?.['row'];
  return {
    calls: shown.map((row) => callRow(row as Row)),
    ...(rows.length > limit && typeof last === 'number' && { next: last }),
  };
}

function attemptFilter({ since, trunk, class: name, sip }: CallFilter) {
  const asked: [string, string | number][] = [];
  if (trunk !== undefined) asked.push(['trunk = ?', trunk]);
  if (name !== undefined) asked.push(['class = ?', name]);
  if (sip !== undefined) asked.push(['sip = ?', sip]);
  // An attempt never begins before its call.
  if (asked.length > 0 && since !== undefined) asked.push(['began_at >= ?', since]);
  return { where: asked.map(([sql]) => sql), values: asked.map(([, value]) => value) };
}

/** Numbers have no characters that GLOB takes for more than themselves, but the star key and the wildcard. */
function globOf(number: string): string {
  const prefix = number.endsWith('*') ? number.slice(0, -1) : number;
  const escaped = prefix.replace(/[*?[]/g, (character) => `[${character}]`);
  return number.endsWith('*') ? `${escaped}*` : escaped;
}

export type Row = Readonly<Record<string, string | number | null>>;

export function callRow(row: Row): CallRow {
  const text = (name: string) => row[name] as string;
  const count = (name: string) => Number(row[name]);
  const outcome = row['outcome'];
  const answered = row['answered_at'] !== null;
  const fellBack = row['fell_back'] === 1;
  const saved = count('failures') > 0 && !fellBack && (answered || outcome === 'voicemail');
  return {
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
