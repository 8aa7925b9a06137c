import type { Database } from 'node-sqlite3-wasm';
import { settle } from '../../../src/journal/figures/settle';
import type { JournalWriter } from '../../../src/journal/writer';
import { callEntries, CALLS_OF_HOUR, HOUR_MS } from './sample';

/** Calls in one transaction. */
const BATCH = 250;
/** Hours in one transaction of copies. */
const STEP = 10;

export interface Written {
  /** By the service's own writer. */
  readonly callsPerSecond: number;
  /** Pages in use. */
  readonly bytesPerCall: number;
}

/** The first hour, as the service writes it, with its figures. */
export function writeHour(database: Database, writer: JournalWriter, start: number): Written {
  const began = performance.now();
  for (let index = 0; index < CALLS_OF_HOUR; index += BATCH) {
    const batch = Array.from({ length: BATCH }, (_, offset) => callEntries(start, index + offset));
    writer.write(batch.flat());
  }
  const seconds = (performance.now() - began) / 1000;
  while (settle(database, 10));
  return {
    callsPerSecond: Math.round(CALLS_OF_HOUR / seconds),
    bytesPerCall: Math.round(bytesOf(database) / CALLS_OF_HOUR),
  };
}

/**
 * The hours after it: copies with times, ids and numbers of their own. What the writer would have taken an hour for is
 * there within minutes, because indices are made at the end.
 * @param hours in all
 */
export function multiply(database: Database, hours: number, told: (text: string) => void): void {
  const rows = (table: string) => Number(database.get(`SELECT max(row) AS n FROM ${table}`)?.['n']);
  const strides = {
    ...{ hunts: rows('hunts'), attempts: rows('attempts'), decisions: rows('decisions') },
    trunk_changes: rows('trunk_changes'),
  };
  const later = database.all(
    "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND (type = 'trigger' OR (type = 'index' AND tbl_name IN ('hunts', 'attempts', 'decisions')))",
  ) as Record<'type' | 'name' | 'sql', string>[];
  // What reaches into the second hour would be in the way of its copy.
  database.run(`DELETE FROM figures WHERE start >= (SELECT min(start) FROM figures) + ${HOUR_MS}`);
  database.exec('PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-200000');
  for (const { type, name } of later) database.exec(`DROP ${type} ${name}`);
  for (let first = 1; first < hours; first += STEP) {
    database.exec('BEGIN');
    for (let hour = first; hour < Math.min(first + STEP, hours); hour++)
      for (const sql of copies(database, strides)) database.run(sql.text, sql.values(hour));
    database.exec('COMMIT');
    told(`${Math.min(first + STEP, hours)} of ${hours} hours`);
  }
  for (const { name, sql } of later) {
    const began = performance.now();
    database.exec(sql);
    told(`${name} made in ${Math.round((performance.now() - began) / 1000)} s`);
  }
}

interface Copy {
  readonly text: string;
  readonly values: (hour: number) => number[];
}

/** Every column as it is, but for those whose value moves with the hour `?1`. */
function copies(
  database: Database,
  strides: Readonly<Record<'hunts' | 'attempts' | 'decisions' | 'trunk_changes', number>>,
): readonly Copy[] {
  const moved = (column: string) => `${column} + ?1 * ${HOUR_MS}`;
  const callId = `CASE WHEN call_id IS NULL THEN NULL ELSE (CAST(substr(call_id, 1, 13) AS INTEGER) + ?1 * ${HOUR_MS}) || substr(call_id, 14) END`;
  const number = `substr(number, 1, 3) || (170000000 + (CAST(substr(number, 4) AS INTEGER) + ?1 * 7919 * ${CALLS_OF_HOUR} - 170000000) % 99999989)`;
  const tables: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    hunts: {
      row: `row + ?1 * ${strides.hunts}`,
      id: `(CAST(id AS INTEGER) + ?1 * ${HOUR_MS / 1000}) || substr(id, 11, instr(id, '@') - 10) || (CAST(substr(id, instr(id, '@') + 1) AS INTEGER) + ?1 * ${HOUR_MS})`,
      call_id: callId,
      number,
      ...Object.fromEntries(
        ['started_at', 'ended_at', 'answered_at'].map((name) => [name, moved(name)]),
      ),
    },
    attempts: {
      row: `row + ?1 * ${strides.attempts}`,
      hunt: `hunt + ?1 * ${strides.hunts}`,
      call_id: callId,
      number,
      ...Object.fromEntries(
        [
          ...['began_at', 'ended_at', 'invited_at', 'first_response_at'],
          ...['rang_at', 'answered_at', 'over_at'],
        ].map((name) => [name, moved(name)]),
      ),
    },
    decisions: {
      row: `row + ?1 * ${strides.decisions}`,
      hunt: `hunt + ?1 * ${strides.hunts}`,
      at: moved('at'),
    },
    trunk_changes: { row: `row + ?1 * ${strides.trunk_changes}`, at: moved('at') },
    figures: { start: moved('start') },
    figures_peaks: { minute: moved('minute') },
    figures_peaks_hours: { hour: moved('hour') },
  };
  const most: Readonly<Record<string, string>> = {
    hunts: `row <= ${strides.hunts}`,
    attempts: `row <= ${strides.attempts}`,
    decisions: `row <= ${strides.decisions}`,
    trunk_changes: `row <= ${strides.trunk_changes}`,
    // Calls and attempts of the hour's end may reach into the next one.
    figures: `start < (SELECT min(start) FROM figures) + ${HOUR_MS}`,
    figures_peaks: `minute < (SELECT min(minute) FROM figures_peaks) + ${HOUR_MS}`,
    figures_peaks_hours: `hour = (SELECT min(hour) FROM figures_peaks_hours)`,
  };
  return Object.entries(tables).map(([table, changed]) => {
    const info = database.all(`PRAGMA table_info(${table})`) as { name: string }[];
    const values = info.map(({ name }) => changed[name] ?? name);
    const text = `INSERT OR IGNORE INTO ${table} SELECT ${values.join(', ')} FROM ${table} WHERE ${most[table]}`;
    return { text, values: (hour: number) => [hour] };
  });
}

function bytesOf(database: Database): number {
  const of = (name: string) => Number(database.get(`PRAGMA ${name}`)?.[name]);
  return (of('page_count') - of('freelist_count')) * of('page_size');
}

export function count(database: Database, table: string): number {
  return Number(database.get(`SELECT count(*) AS n FROM ${table}`)?.['n']);
}
