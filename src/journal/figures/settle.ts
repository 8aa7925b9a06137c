import type { Database } from 'node-sqlite3-wasm';
import {
  counted,
  grouped,
  OTHER,
  type CountedAttempt,
  type CountedCall,
  type Group,
  type Labels,
} from '../../figures/count';
import { packedCounts, unpackedCounts } from '../../figures/counts';
import { present, type Row } from '../read/calls';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;

/**
 * Counts minutes in which something has changed, the latest first, and their hours. A minute's counts are made of the
 * calls that the journal has, so counting it again changes nothing.
 * @param most minutes at most
 * @param until only minutes up to this moment; Unix time in milliseconds
 * @returns whether there are more
 * @throws SQLite3Error; nothing has changed then
 */
export function settle(database: Database, most: number, until = Number.MAX_SAFE_INTEGER): boolean {
  const due = column(
    database,
    'SELECT minute FROM figures_due WHERE minute <= ? ORDER BY minute DESC LIMIT ?',
    [until, most + 1],
  );
  if (due.length === 0) return false;
  const minutes = due.slice(0, most);
  const fixed = fixedBefore(database);
  database.exec('BEGIN IMMEDIATE');
  try {
    const hours = new Set<number>();
    for (const minute of minutes) {
      if (minute >= fixed) {
        store(database, MINUTE_MS, minute, countedMinute(database, minute));
        hours.add(Math.floor(minute / HOUR_MS) * HOUR_MS);
      }
      database.run('DELETE FROM figures_due WHERE minute = ?', [minute]);
    }
    for (const hour of hours) store(database, HOUR_MS, hour, hourOf(database, hour));
    database.exec('COMMIT');
  } catch (error) {
    if (database.inTransaction) database.exec('ROLLBACK');
    throw error;
  }
  return due.length > most;
}

/** Minutes before this one are never counted again. Unix time in milliseconds. */
export function fixedBefore(database: Database): number {
  return Number(database.get('SELECT before FROM figures_fixed')?.['before'] ?? 0);
}

/** Keeps the counts of all minutes up to the one of this moment: their calls are about to be deleted. */
export function fix(database: Database, until: number): void {
  const before = (Math.floor(until / MINUTE_MS) + 1) * MINUTE_MS;
  database.run('UPDATE figures_fixed SET before = max(before, ?)', [before]);
}

/** A group as it is kept. */
export function groupOf(row: Row): Group {
  const text = (name: keyof Labels): string => String(row[name]);
  const labels = {
    instance: text('instance'),
    pbx: text('pbx'),
    route: text('route'),
    trunk: text('trunk'),
  };
  return { ...labels, counts: unpackedCounts(String(row['counts'])) };
}

function column(database: Database, sql: string, values: number[]): readonly number[] {
  return (database.all(sql, values) as Row[]).map((row) => Number(row['minute']));
}

function store(database: Database, span: number, start: number, groups: readonly Group[]): void {
  database.run('DELETE FROM figures WHERE span = ? AND start = ?', [span, start]);
  for (const { instance, pbx, route, trunk, counts } of groups) {
    database.run('INSERT INTO figures VALUES(?, ?, ?, ?, ?, ?, ?)', [
      ...[span, start, instance, pbx, route, trunk, packedCounts(counts)],
    ]);
  }
}

function hourOf(database: Database, hour: number): readonly Group[] {
  const rows = database.all(
    'SELECT instance, pbx, route, trunk, counts FROM figures WHERE span = ? AND start >= ? AND start < ?',
    [MINUTE_MS, hour, hour + HOUR_MS],
  ) as Row[];
  return grouped(rows.map(groupOf));
}

/**
 * What is alike is grouped here, where it takes a tenth of the time. An attempt that was observed before it was told of
 * again counts once. An answer that nothing came before is what the caller heard first.
 */
const nameOf = (table: string): string =>
  `(SELECT name FROM instances i WHERE i.row = ${table}.instance AND i.row > 0)`;
const ATTEMPTS = `SELECT ${nameOf('a')} AS instance, a.pbx, h.route, a.trunk, a.known, a.answered, a.class, a.sip, a.rang,
  CASE WHEN json_valid(a.detail) THEN json_extract(a.detail, '$.origin') END AS origin,
  a.hunt IS NOT NULL AND EXISTS(SELECT 1 FROM attempts b WHERE b.hunt = a.hunt AND b.row < a.row) AS retry,
  coalesce(a.rang_at, a.answered_at) - a.invited_at AS delay,
  count(*) AS count, count(a.over_at - a.answered_at) AS talks, sum(max(a.over_at - a.answered_at, 0)) AS talk
  FROM attempts a LEFT JOIN hunts h ON h.row = a.hunt
  WHERE a.began_at >= ? AND a.began_at < ? AND a.seen_before IS NULL
  GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12`;
const CALLS = `SELECT ${nameOf('hunts')} AS instance, pbx, route, trunk, failures > 0 AS failed, answered_at IS NOT NULL AS answered, outcome, fell_back,
  count(*) AS count FROM hunts WHERE started_at >= ? AND started_at < ? GROUP BY 1, 2, 3, 4, 5, 6, 7, 8`;

function countedMinute(database: Database, minute: number): readonly Group[] {
  const period = [minute, minute + MINUTE_MS];
  const attempts = database.all(ATTEMPTS, period) as Row[];
  const calls = database.all(CALLS, period) as Row[];
  return counted(attempts.map(attemptOf), calls.map(callOf));
}

function attemptOf(row: Row): CountedAttempt {
  const failure = { class: String(row['class']), rang: row['rang'] === 1 };
  return {
    count: Number(row['count']),
    pbx: String(row['pbx']),
    trunk: row['known'] === 0 ? OTHER : String(row['trunk']),
    retry: row['retry'] === 1,
    answered: row['answered'] === 1,
    talks: Number(row['talks']),
    ...present(row, { instance: 'instance', route: 'route', delay: 'delayMs', talk: 'talkMs' }),
    ...(row['class'] !== null && {
      failure: { ...failure, ...present(row, { sip: 'sip', origin: 'origin' }) },
    }),
  };
}

function callOf(row: Row): CountedCall {
  return {
    count: Number(row['count']),
    pbx: String(row['pbx']),
    failures: Number(row['failed']),
    answered: row['answered'] === 1,
    fellBack: row['fell_back'] === 1,
    ...present(row, { instance: 'instance', route: 'route', trunk: 'trunk', outcome: 'outcome' }),
  };
}
