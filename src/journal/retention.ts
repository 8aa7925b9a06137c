import type { Database } from 'node-sqlite3-wasm';
import { keepFigures } from './figures/keep';
import { fix, settle } from './figures/settle';

/** How much is kept: whichever is reached first. */
export interface Retention {
  readonly days: number;
  /** Of the file. Bytes. */
  readonly bytes: number;
}

/** Of a journal that has no file. Bytes. */
const MOST_IN_MEMORY = 64 * 1024 * 1024;

const DAY_MS = 86_400_000;
/** Hunts that one step deletes, so that no write waits for long. */
const STEP = 250;
/**
 * Attempts of the user's own dialplan up to a moment, by the index that has their time: by the one of hunts, all of
 * them would be read.
 */
const OBSERVED = 'attempts INDEXED BY attempts_began WHERE began_at <= ? AND hunt IS NULL';
/** Minutes counted in one step. */
const MINUTES = 100;
/** Free pages that one step gives back to the file system. */
const PAGES = 500;

/** Without a file it lives in memory, where there is less room. */
export function retentionInMemory({ days, bytes }: Retention): Retention {
  return { days, bytes: Math.min(bytes, MOST_IN_MEMORY) };
}

/**
 * Deletes the oldest hunts, attempts and changes, a bounded step of them.
 * @param now Unix time in milliseconds
 * @param step hunts at most
 * @returns whether there is more to delete
 */
export function retain(
  database: Database,
  { days, bytes }: Retention,
  now: number,
  step = STEP,
): boolean {
  keepFigures(database, bytes, now);
  const oldest = now - days * DAY_MS;
  const tooLarge = usedBytes(database) > bytes;
  const [hunts] = database.all(
    tooLarge
      ? 'SELECT max(started_at) AS until, count(*) AS found FROM (SELECT started_at FROM hunts ORDER BY started_at LIMIT ?)'
      : 'SELECT max(started_at) AS until, count(*) AS found FROM (SELECT started_at FROM hunts WHERE started_at < ? ORDER BY started_at LIMIT ?)',
    tooLarge ? [step] : [oldest, step],
  );
  const until = Number(hunts?.['until'] ?? oldest);
  const isMore = hunts?.['found'] === step;
  const before = tooLarge || isMore ? until : oldest;
  const gone = 'SELECT row FROM hunts WHERE started_at <= ?';
  // What is to be deleted has been counted before.
  while (settle(database, MINUTES, before));
  database.exec('BEGIN IMMEDIATE');
  try {
    fixGone(database, gone, before);
    database.run(`DELETE FROM attempts WHERE hunt IN (${gone})`, [before]);
    database.run(`DELETE FROM decisions WHERE hunt IN (${gone})`, [before]);
    database.run('DELETE FROM hunts WHERE started_at <= ?', [before]);
    database.run(
      `DELETE FROM attempts WHERE row IN (SELECT row FROM ${OBSERVED} ORDER BY began_at LIMIT ?)`,
      [before, step],
    );
    database.run(
      'DELETE FROM observed_calls WHERE row IN (SELECT row FROM observed_calls WHERE started_at <= ? LIMIT ?)',
      [before, step],
    );
    for (const table of ['trunk_changes', 'connections', 'losses'])
      database.run(`DELETE FROM ${table} WHERE at <= ?`, [before]);
    // The policy that was in force when the oldest hunt of its instance began is needed as well.
    database.run(
      'DELETE FROM policy_changes WHERE at < (SELECT max(at) FROM policy_changes p WHERE p.instance = policy_changes.instance AND at <= ?)',
      [before],
    );
    // An instance that has said nothing for longer has nothing left.
    const silent = 'SELECT row FROM instances WHERE row > 0 AND heard_at <= ?';
    database.run(`DELETE FROM policy_changes WHERE instance IN (${silent})`, [before - DAY_MS]);
    database.run(`DELETE FROM instances WHERE row IN (${silent})`, [before - DAY_MS]);
    database.exec('DELETE FROM policies WHERE hash NOT IN (SELECT hash FROM policy_changes)');
    database.exec('COMMIT');
  } catch (error) {
    if (database.inTransaction) database.exec('ROLLBACK');
    throw error;
  }
  database.exec(`PRAGMA incremental_vacuum(${PAGES})`);
  return isMore;
}

/** An attempt may have begun in a later minute than its call. */
function fixGone(database: Database, gone: string, before: number): void {
  const row = database.get(
    `SELECT max(at) AS at FROM (SELECT max(began_at) AS at FROM attempts WHERE hunt IN (${gone}) UNION ALL SELECT max(began_at) FROM (SELECT began_at FROM ${OBSERVED} ORDER BY began_at DESC LIMIT 1) UNION ALL SELECT max(started_at) FROM hunts WHERE started_at <= ?)`,
    [before, before, before],
  );
  if (typeof row?.['at'] === 'number') fix(database, row['at']);
}

/** What the tables take, without pages that are free. Bytes. */
export function usedBytes(database: Database): number {
  const value = (pragma: string): number => Number(database.get(`PRAGMA ${pragma}`)?.[pragma] ?? 0);
  return (value('page_count') - value('freelist_count')) * value('page_size');
}
