import type { Database } from 'node-sqlite3-wasm';
import type { Row } from './row';

/** A policy that was in force. Times are Unix time in milliseconds. */
export interface PolicyVersion {
  readonly hash: string;
  readonly file: string;
  readonly firstAt: number;
  /** When it last came into force. */
  readonly lastAt: number;
  /** Whether its text is kept. */
  readonly kept: boolean;
}

/** The latest say enough. */
const MOST = 200;

/** Policies that were in force, the latest first. */
export function policiesOf(database: Database): readonly PolicyVersion[] {
  const rows = database.all(
    'SELECT hash, file, text IS NOT NULL AS kept, first_at, coalesce((SELECT max(at) FROM policy_changes c WHERE c.hash = p.hash), first_at) AS last_at FROM policies p ORDER BY last_at DESC, p.rowid DESC LIMIT ?',
    [MOST],
  ) as Row[];
  return rows.map((row) => ({
    ...{ hash: String(row['hash']), file: String(row['file']), kept: row['kept'] === 1 },
    ...{ firstAt: Number(row['first_at']), lastAt: Number(row['last_at']) },
  }));
}
