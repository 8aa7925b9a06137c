import type { Database } from 'node-sqlite3-wasm';
import { fix, HOUR_MS, MINUTE_MS } from './settle';

const DAY_MS = 86_400_000;
/** Counts of single minutes; older ones are in those of their hours. Milliseconds. */
export const MINUTES_KEPT = 2 * DAY_MS;
const HOURS_KEPT = 400 * DAY_MS;
const PEAKS_KEPT = 8 * DAY_MS;
/** Of the journal's bytes, the share that figures may take: the rest is for calls. */
const SHARE = 1 / 4;
/** What a row takes beside its texts. Bytes. */
const ROW_BYTES = 40;

/**
 * Deletes figures that are too old, or more than their share of the journal.
 * @param bytes the journal's
 * @param now Unix time in milliseconds
 */
export function keepFigures(database: Database, bytes: number, now: number): void {
  const minutes = Math.floor((now - MINUTES_KEPT) / HOUR_MS) * HOUR_MS;
  // Old calls that are still to be counted need the other minutes of their hour.
  const waits = database.get('SELECT 1 FROM figures_due WHERE minute < ?', [minutes]);
  if (!waits) forget(database, MINUTE_MS, minutes);
  forget(database, HOUR_MS, now - HOURS_KEPT);
  database.run('DELETE FROM figures_peaks WHERE minute < ?', [now - PEAKS_KEPT]);
  database.run('DELETE FROM figures_peaks_hours WHERE hour < ?', [now - PEAKS_KEPT]);
  while (figuresBytes(database) > bytes * SHARE) {
    // Half of the time that is kept.
    for (const [span, table] of [
      [MINUTE_MS, 'figures WHERE span = 60000'],
      [HOUR_MS, 'figures WHERE span = 3600000'],
    ] as const) {
      const row = database.get(`SELECT min(start) AS first, max(start) AS last FROM ${table}`);
      const [first, last] = [Number(row?.['first']), Number(row?.['last'])];
      forget(database, span, Math.ceil((first + last + 1) / 2 / HOUR_MS) * HOUR_MS);
    }
  }
}

/** What the counts take. Bytes, about. */
export function figuresBytes(database: Database): number {
  const row = database.get(
    `SELECT sum(length(counts) + length(pbx) + length(route) + length(trunk) + ${ROW_BYTES}) AS bytes FROM figures`,
  );
  return Number(row?.['bytes'] ?? 0);
}

function forget(database: Database, span: number, before: number): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    // Without its other minutes, an hour cannot be counted again.
    if (span === MINUTE_MS) fix(database, before - 1);
    database.run('DELETE FROM figures WHERE span = ? AND start < ?', [span, before]);
    database.exec('COMMIT');
  } catch (error) {
    if (database.inTransaction) database.exec('ROLLBACK');
    throw error;
  }
}
