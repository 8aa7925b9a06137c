import type { Database } from 'node-sqlite3-wasm';
import { OTHER } from '../../figures/count';
import { Sum, type Counts } from '../../figures/counts';
import { groupOf, HOUR_MS, MINUTE_MS, settle } from '../figures/settle';
import type { Row } from './row';

/** Which counts are asked for, step by step. Times are Unix time in milliseconds. */
export interface SeriesFilter {
  /** Rounded down to its step. */
  readonly since: number;
  readonly until: number;
  /** Whole minutes below an hour, otherwise whole hours. */
  readonly stepMs: number;
  /** Absent: every trunk. */
  readonly trunk?: string | undefined;
}

export interface CountedSteps {
  /** As rounded. */
  readonly since: number;
  readonly until: number;
  /** Those with an attempt, by name. */
  readonly trunks: readonly {
    readonly name: string;
    /** In the order of time; a step in which nothing happened is absent. */
    readonly steps: readonly { readonly at: number; readonly counts: Counts }[];
  }[];
}

/** As figures do; see figures.ts. Milliseconds. */
const COUNTING_MS = 100;
const MOST_NAMES = 1_000;

/** What the journal has counted in each step of a period, up to this moment. */
export function seriesOf(
  database: Database,
  { since: from, until, stepMs, trunk }: SeriesFilter,
  countingMs = COUNTING_MS,
): CountedSteps {
  const enough = performance.now() + countingMs;
  while (settle(database, 1) && performance.now() < enough);
  const since = Math.floor(from / stepMs) * stepMs;
  const names = new Map<string, Map<number, Sum>>();
  const asked = trunk === undefined ? [] : [trunk];
  const rows = database.all(
    `SELECT start, instance, pbx, route, trunk, counts FROM figures
     WHERE span = ? AND start >= ? AND start < ? ${trunk === undefined ? '' : 'AND trunk = ?'} ORDER BY start`,
    [stepMs < HOUR_MS ? MINUTE_MS : HOUR_MS, since, until, ...asked],
  ) as Row[];
  for (const row of rows) {
    const group = groupOf(row);
    if (group.trunk === '') continue;
    const name = names.size < MOST_NAMES || names.has(group.trunk) ? group.trunk : OTHER;
    const steps = names.get(name) ?? new Map<number, Sum>();
    names.set(name, steps);
    const at = Math.floor(Number(row['start']) / stepMs) * stepMs;
    const sum = steps.get(at);
    if (sum) sum.add(group.counts);
    else steps.set(at, new Sum(group.counts));
  }
  return {
    ...{ since, until },
    trunks: [...names].sort(byName).map(([name, steps]) => ({
      name,
      steps: [...steps].map(([at, { counts }]) => ({ at, counts })),
    })),
  };
}

function byName([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : 1;
}
