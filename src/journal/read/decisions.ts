import type { Database } from 'node-sqlite3-wasm';
import { present, type Row } from './calls';

/** Which calls' decisions are asked for. Times are Unix time in milliseconds. */
export interface DecisionFilter {
  /** Calls that began then or later. */
  readonly since: number;
  /** Calls that began earlier. */
  readonly until: number;
  /** Only calls before the one of this cursor; see `DecisionPage`. */
  readonly before?: number | undefined;
  /** Calls at most. */
  readonly limit: number;
}

export interface DecisionPage {
  /** The latest first. */
  readonly calls: readonly DecidedCall[];
  /** The next page's `before`; absent at the end. */
  readonly next?: number;
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
  const { since, until, before = Number.MAX_SAFE_INTEGER, limit } = filter;
  const hunts = database.all(
    'SELECT row, id, started_at, answered_at FROM hunts WHERE started_at >= ? AND started_at < ? AND row < ? ORDER BY row DESC LIMIT ?',
    [since, until, before, limit + 1],
  ) as Row[];
  const calls: DecidedCall[] = [];
  let characters = 0;
  let last = 0;
  for (const hunt of hunts.slice(0, limit)) {
    const call = decidedCall(database, hunt);
    calls.push(call);
    last = Number(hunt['row']);
    characters += call.decisions.reduce((sum, { detail }) => sum + detail.length, 0);
    if (characters >= PAGE_CHARACTERS) break;
  }
  return { calls, ...(calls.length < hunts.length && { next: last }) };
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

/** What each trunk did in a period. */
export interface TrunkOutcomes {
  readonly trunk: string;
  /** Attempts that have ended. */
  readonly attempts: number;
  readonly answered: number;
}

/** A trunk of the user's own dialplan has the PBX's name of the far end. */
const MOST_TRUNKS = 1_000;

/** Attempts that began in a period and have ended, by trunk; the most used first. */
export function trunkOutcomes(
  database: Database,
  { since, until }: Pick<DecisionFilter, 'since' | 'until'>,
): readonly TrunkOutcomes[] {
  const rows = database.all(
    'SELECT trunk, count(*) AS attempts, sum(answered) AS answered FROM attempts WHERE began_at >= ? AND began_at < ? AND ended_at IS NOT NULL GROUP BY trunk ORDER BY attempts DESC LIMIT ?',
    [since, until, MOST_TRUNKS],
  ) as Row[];
  return rows.map((row) => ({
    trunk: String(row['trunk']),
    attempts: Number(row['attempts']),
    answered: Number(row['answered']),
  }));
}
