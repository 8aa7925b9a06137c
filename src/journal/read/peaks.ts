import type { Database } from 'node-sqlite3-wasm';
import { HOUR_MS } from '../figures/settle';
import type { Row } from './row';

const MINUTES =
  'SELECT trunk, max(most) AS calls FROM figures_peaks WHERE minute >= ? AND minute < ? GROUP BY trunk';
const HOURS =
  'SELECT trunk, max(most) AS calls FROM figures_peaks_hours WHERE hour >= ? AND hour < ? GROUP BY trunk';
/** For each trunk one look into the index, and not one for each of its minutes. */
const LAST_BEFORE = `WITH RECURSIVE names(trunk) AS (
    SELECT min(trunk) FROM figures_peaks
    UNION ALL SELECT (SELECT min(p.trunk) FROM figures_peaks p WHERE p.trunk > names.trunk) FROM names WHERE names.trunk IS NOT NULL
  ) SELECT trunk, (SELECT p.last FROM figures_peaks p WHERE p.trunk = names.trunk AND p.minute < ? ORDER BY p.minute DESC LIMIT 1) AS calls
  FROM names WHERE trunk IS NOT NULL`;

/**
 * The most calls at once on each trunk in a period of whole minutes. Calls that were there at its begin count as well.
 * @param since Unix time in milliseconds, as is `until`
 */
export function peaksOf(
  database: Database,
  since: number,
  until: number,
): ReadonlyMap<string, number> {
  const first = Math.ceil(since / HOUR_MS) * HOUR_MS;
  const last = Math.max(first, Math.floor(until / HOUR_MS) * HOUR_MS);
  const parts: readonly (readonly [string, ...number[]])[] = [
    [LAST_BEFORE, since],
    [MINUTES, since, Math.min(first, until)],
    [HOURS, first, last],
    [MINUTES, last, until],
  ];
  const peaks = new Map<string, number>();
  for (const [sql, ...values] of parts)
    for (const { trunk, calls } of database.all(sql, values) as Row[])
      if (calls !== null)
        peaks.set(String(trunk), Math.max(Number(calls), peaks.get(String(trunk)) ?? 0));
  return peaks;
}
