import type { Database } from 'node-sqlite3-wasm';
import { OTHER, type Group } from '../../figures/count';
import { Sum, type Counts } from '../../figures/counts';
import { holdsOf, type PhaseChange } from '../../figures/holds';
import type { NamedCounts } from '../../figures/named';
import { MINUTES_KEPT } from '../figures/keep';
import { groupOf, HOUR_MS, MINUTE_MS, settle } from '../figures/settle';
import { FIGURES_BY, type FiguresBy } from './figures-by';
import { peaksOf } from './peaks';
import { present, type Row } from './row';

export { FIGURES_BY, type FiguresBy };

/** Which figures are asked for; what is absent does not matter. Times are Unix time in milliseconds. */
export interface FiguresFilter {
  /** Rounded down to its minute; beyond two days to its hour. */
  readonly since: number;
  /** Rounded up likewise. */
  readonly until: number;
  readonly now: number;
  readonly by: FiguresBy;
  readonly trunk?: string | undefined;
  readonly route?: string | undefined;
  readonly pbx?: string | undefined;
  readonly instance?: string | undefined;
}

export interface CountedPeriod {
  /** As rounded. */
  readonly since: number;
  readonly until: number;
  readonly by: FiguresBy;
  /** Most attempts first. */
  readonly groups: readonly NamedCounts[];
  readonly all: Counts;
  /** Minutes of this period that are not counted yet, or are to be counted again: many after an update. */
  readonly uncounted: number;
  /** Start of the first minute or hour that is kept; absent: there is none. */
  readonly first?: number;
}

/** A question counts what has changed for this long, the latest minute first; the thread counts the rest soon. Milliseconds. */
const COUNTING_MS = 100;
/** Minutes, a tenth of a second each at a hundred calls a second. */
const STEP = 1;
/** Names in one answer; beyond it: `other`. */
const MOST_NAMES = 1_000;
const MOST_CHANGES = 20_000;

/** What the journal has counted in a period, up to this moment. */
export function figuresOf(
  database: Database,
  filter: FiguresFilter,
  countingMs = COUNTING_MS,
): CountedPeriod {
  const enough = performance.now() + countingMs;
  while (settle(database, STEP) && performance.now() < enough);
  const { by } = filter;
  const { since, until } = rounded(filter);
  const names = new Map<string, Sum>();
  const all = new Sum();
  const own = ownName(database);
  for (const kept of keptGroups(database, since, until, filter.now)) {
    const group = kept.instance === '' ? { ...kept, instance: own } : kept;
    if (!isAsked(group, filter)) continue;
    all.add(group.counts);
    const name = names.size < MOST_NAMES || names.has(group[by]) ? group[by] : OTHER;
    const sum = names.get(name);
    if (sum) sum.add(group.counts);
    else names.set(name, new Sum(group.counts));
  }
  const more = by === 'trunk' ? ofTrunks(database, since, Math.min(until, filter.now)) : undefined;
  // A trunk that is held may have no attempt at all.
  if (!filter.route && !filter.pbx && (filter.instance ?? own) === own)
    for (const trunk of more?.holds.keys() ?? [])
      if (!names.has(trunk) && (filter.trunk ?? trunk) === trunk) names.set(trunk, new Sum());
  const groups = [...names].map(([name, { counts }]) => {
    const [holds, peak] = [more?.holds.get(name), more?.peaks.get(name)];
    return { name, counts, ...(holds && { holds }), ...(peak !== undefined && { peak }) };
  });
  groups.sort((one, other) => other.counts.attempts - one.counts.attempts);
  const row = database.get(
    'SELECT (SELECT count(*) FROM figures_due WHERE minute >= ? AND minute < ?) AS uncounted, (SELECT min(first) FROM (SELECT min(start) AS first FROM figures WHERE span = ? UNION ALL SELECT min(start) FROM figures WHERE span = ?)) AS first',
    [since, until, MINUTE_MS, HOUR_MS],
  ) as Row;
  const uncounted = Number(row['uncounted']);
  return {
    since,
    until,
    by,
    groups,
    all: all.counts,
    uncounted,
    ...present(row, { first: 'first' }),
  };
}

/** Of the instance that has the journal; empty where no fleet is set. */
function ownName(database: Database): string {
  return (database.get('SELECT name FROM instances WHERE row = 0')?.['name'] ?? '') as string;
}

/** Where single minutes are no longer kept, whole hours. */
function rounded({ since, until, now }: FiguresFilter): { since: number; until: number } {
  const unit = (at: number) => (at < now - MINUTES_KEPT ? HOUR_MS : MINUTE_MS);
  return {
    since: Math.floor(since / unit(since)) * unit(since),
    until: Math.ceil(until / unit(until)) * unit(until),
  };
}

const KEPT =
  'SELECT instance, pbx, route, trunk, counts FROM figures WHERE span = ? AND start >= ? AND start < ?';

/** Whole hours as such, and the minutes at both ends. */
function* keptGroups(
  database: Database,
  since: number,
  until: number,
  now: number,
): Iterable<Group> {
  const hours = Math.ceil(since / HOUR_MS) * HOUR_MS;
  // The present hour is one of its minutes so far.
  const over = until >= now ? Math.ceil(until / HOUR_MS) : Math.floor(until / HOUR_MS);
  const minutes = Math.max(over * HOUR_MS, hours);
  const parts =
    hours >= until
      ? [[MINUTE_MS, since, until] as const]
      : ([
          [MINUTE_MS, since, hours],
          [HOUR_MS, hours, minutes],
          [MINUTE_MS, minutes, until],
        ] as const);
  for (const [span, from, to] of parts)
    for (const row of database.all(KEPT, [span, from, to]) as Row[]) yield groupOf(row);
}

function isAsked(group: Group, asked: FiguresFilter): boolean {
  return FIGURES_BY.every((name) => (asked[name] ?? group[name]) === group[name]);
}

function ofTrunks(database: Database, since: number, until: number) {
  const changes = database.all(
    `SELECT trunk, side, at, to_phase, CASE WHEN json_valid(detail) THEN json_extract(detail, '$.to.hold.until') END AS until FROM (
       SELECT * FROM trunk_changes WHERE row IN (SELECT max(row) FROM trunk_changes WHERE at < ? AND instance = 0 GROUP BY trunk, side)
       UNION ALL SELECT * FROM (SELECT * FROM trunk_changes WHERE at >= ? AND at < ? AND instance = 0 ORDER BY at DESC LIMIT ?)
     ) ORDER BY at, row`,
    [since, since, until, MOST_CHANGES],
  ) as Row[];
  return {
    holds: holdsOf(changes.map(changeOf), since, until),
    peaks: peaksOf(database, since, until),
  };
}

function changeOf(row: Row): PhaseChange {
  return {
    trunk: String(row['trunk']),
    side: String(row['side']),
    at: Number(row['at']),
    to: String(row['to_phase']),
    ...present(row, { until: 'until' }),
  };
}
