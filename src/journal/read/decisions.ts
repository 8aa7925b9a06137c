import type { Database } from 'node-sqlite3-wasm';
import { present, type Row } from './calls';

/** Which calls' decisions are asked for. Times are Unix time in milliseconds. */
export interface DecisionFilter {
  /** Calls that began then or later. */
  readonly since: number;
  /** Calls that began earlier. */
  readonly until: number;
  /** Only calls before the one of this cursor; see `DecisionPage`. */
  readonly before?: Cursor | undefined;
  /** Calls at most. */
  readonly limit: number;
}

export interface DecisionPage {
  /** The latest first. */
  readonly calls: readonly DecidedCall[];
  /** The next page's `before`; absent at the end. */
  readonly next?: Cursor;
}

/** A call's place in the order of time: when it began, and its row in the journal. */
export interface Cursor {
  readonly startedAt: number;
  readonly row: number;
}

/** A call with its decisions, for whoever decides again. */
export interface DecidedCall {
  readonly hunt: string;
  readonly startedAt: number;
  readonly answered: boolean;
  readonly tried: readonly {
    readonly trunk: string;
    readonly beganAt: number;
    readonly endedAt?: number;
    readonly answered: boolean;
  }[];
  readonly decisions: readonly {
    readonly at: number;
    readonly on: string;
    /** JSON, as it is kept. */
    readonly detail: string;
  }[];
  /** It has more decisions or attempts than these. */
  readonly more: boolean;
}

/** Decisions and attempts of one call. */
const MOST_OF_CALL = 100;
/** A page ends after the call that reaches this. Characters of JSON. */
const PAGE_CHARACTERS = 1024 * 1024;

/** Calls with their decisions, page by page. */
export function decisionsOf(database: Database, filter: DecisionFilter): DecisionPage {
  const { since, until, before = { startedAt: until, row: 0 }, limit } = filter;
  const hunts = database.all(
    'SELECT row, id, started_at, answered_at FROM hunts WHERE started_at >= ? AND started_at < ? AND (started_at, row) < (?, ?) ORDER BY started_at DESC, row DESC LIMIT ?',
    [since, until, before.startedAt, before.row, limit + 1],
  ) as Row[];
  const calls: DecidedCall[] = [];
  let characters = 0;
  for (const hunt of hunts.slice(0, limit)) {
    const call = decidedCall(database, hunt);
    calls.push(call);
    characters += call.decisions.reduce((sum, { detail }) => sum + detail.length, 0);
    if (characters >= PAGE_CHARACTERS) break;
  }
  const last = hunts[calls.length - 1];
  if (!last || calls.length === hunts.length) return { calls };
  return { calls, next: { startedAt: Number(last['started_at']), row: Number(last['row']) } };
}

function decidedCall(database: Database, hunt: Row): DecidedCall {
  const asked = [Number(hunt['row']), MOST_OF_CALL + 1];
  const decisions = database.all(
    'SELECT at, source, detail FROM decisions WHERE hunt = ? ORDER BY row LIMIT ?',
    asked,
  ) as Row[];
  const attempts = database.all(
    'SELECT trunk, began_at, ended_at, answered FROM attempts WHERE hunt = ? ORDER BY row LIMIT ?',
    asked,
  ) as Row[];
  return {
    hunt: String(hunt['id']),
    startedAt: Number(hunt['started_at']),
    answered: hunt['answered_at'] !== null,
    tried: attempts.slice(0, MOST_OF_CALL).map((row) => ({
      trunk: String(row['trunk']),
      beganAt: Number(row['began_at']),
      ...present(row, { ended_at: 'endedAt' }),
      answered: row['answered'] === 1,
    })),
    decisions: decisions.slice(0, MOST_OF_CALL).map((row) => ({
      at: Number(row['at']),
      on: String(row['source']),
      detail: String(row['detail']),
    })),
    more: decisions.length > MOST_OF_CALL || attempts.length > MOST_OF_CALL,
  };
}

/** What a trunk did in a period. */
export interface TrunkOutcomes {
  readonly trunk: string;
  /** Attempts that have ended. */
  readonly attempts: number;
  readonly answered: number;
  /** There were more; these are the latest. */
  readonly more: boolean;
}

/** So many attempts say enough, and are counted in little time. */
const MOST_ATTEMPTS = 10_000;

/** Attempts on a trunk that began in a period and have ended. */
export function trunkOutcomes(
  database: Database,
  { since, until, trunk }: { since: number; until: number; trunk: string },
  most = MOST_ATTEMPTS,
): TrunkOutcomes {
  const row = database.get(
    'SELECT count(*) AS attempts, sum(answered) AS answered FROM (SELECT answered FROM attempts WHERE trunk = ? AND began_at >= ? AND began_at < ? AND ended_at IS NOT NULL ORDER BY began_at DESC LIMIT ?)',
    [trunk, since, until, most],
  );
  const attempts = Number(row?.['attempts'] ?? 0);
  return { trunk, attempts, answered: Number(row?.['answered'] ?? 0), more: attempts === most };
}
