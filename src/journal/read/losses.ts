import type { Database } from 'node-sqlite3-wasm';
import { present, type Row } from './row';

/** What the journal lacks, and why. Times are Unix time in milliseconds. */
export interface Loss {
  /** Absent in a journal of an earlier crankback. */
  readonly since?: number;
  readonly until: number;
  /** Records; absent: unknown, perhaps none. */
  readonly count?: number;
  readonly why: string;
}

/** Beyond it, the latest say enough. */
const MOST = 20;

/** Losses that reach into a period, the latest first. */
export function lossesOf(database: Database, since: number, until: number): readonly Loss[] {
  const rows = database.all(
    'SELECT at, since, nullif(count, 0) AS count, why FROM losses WHERE at >= ? AND coalesce(since, at) < ? ORDER BY at DESC LIMIT ?',
    [since, until, MOST],
  ) as Row[];
  return rows.map((row) => ({
    ...present(row, { since: 'since', count: 'count' }),
    until: Number(row['at']),
    why: String(row['why']),
  }));
}
