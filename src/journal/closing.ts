import type { Database } from 'node-sqlite3-wasm';

/** What may be missing: nothing was kept from the one moment until the other. Unix time in milliseconds. */
export interface Gap {
  readonly since: number;
  readonly until: number;
}

const WHY = 'crankback ended without closing the journal';

/**
 * Marks the file as one that is being written. If whoever wrote it last has not closed it, the gap becomes one of its
 * losses, so that it is named wherever calls are listed.
 * @param now Unix time in milliseconds
 * @param aliveAt nothing was waiting to be written then; Unix time in milliseconds
 * @returns the gap
 * @throws SQLite3Error
 */
export function markOpen(database: Database, now: number, aliveAt = 0): Gap | undefined {
  const row = database.get('SELECT until, closed FROM kept');
  const since = Math.max(Number(row?.['until'] ?? 0), aliveAt);
  // The machine's date may have gone back.
  const gap = row?.['closed'] === 0 ? { since: Math.min(since, now), until: now } : undefined;
  if (gap)
    database.run('INSERT INTO losses(at, since, count, why) VALUES(?, ?, 0, ?)', [
      ...[gap.until, gap.since, WHY],
    ]);
  database.run('UPDATE kept SET until = ?, closed = 0', [now]);
  return gap;
}

/** Before it is closed: all is in it. @throws SQLite3Error */
export function markClosed(database: Database): void {
  database.exec('UPDATE kept SET closed = 1');
}
