import type { Route, RouteTable, TableRow, TableRows } from '../policy-data';

/** Everything of it that may be transferred instead of copied. */
export function buffersOfTable({ rows }: RouteTable): readonly ArrayBuffer[] {
  if (!rows) return [];
  const { prefixes, ends, lines, ways, wayTrunks, wayEnds } = rows;
  return [prefixes, ends, lines, ways, wayTrunks, wayEnds].map(({ buffer }) => buffer);
}

/** Rows of the tables in the order in which they are named; 0 is the first of the first. */
export function tableRoute(tables: readonly RouteTable[], row: number): Route {
  let left = row;
  for (const { file, shared, rows } of tables) {
    const count = rows?.lines.length ?? 0;
    if (left >= count || !rows) {
      left -= count;
      continue;
    }
    const line = rows.lines[left] ?? 0;
    return rowRoute(
      { file, line, prefix: prefixOf(rows, left), trunks: trunksOf(rows, left) },
      shared,
    );
  }
  throw new RangeError(`no row ${row}`);
}

/** Rows that were used last and are kept as routes; when there are as many, all are dropped. */
const KEPT = 1_000;

/** The routes of tables, each made when a call takes it. */
export class KeptRows {
  private readonly kept = new Map<number, Route>();

  constructor(private readonly tables: readonly RouteTable[]) {}

  routeOf(row: number): Route {
    const known = this.kept.get(row);
    if (known) return known;
    const route = tableRoute(this.tables, row);
    if (this.kept.size >= KEPT) this.kept.clear();
    this.kept.set(row, route);
    return route;
  }
}

/** The route that a row is. */
export function rowRoute(
  { file, line, prefix, trunks }: TableRow,
  shared: RouteTable['shared'],
): Route {
  return { ...shared, at: { file, line, column: 1 }, digits: [`${prefix}*`], trunks };
}

/** Every list of trunks that some row has, each once. */
export function waysOf({ rows }: RouteTable): readonly (readonly string[])[] {
  if (!rows) return [];
  return Array.from(rows.wayEnds, (_, way) => wayOf(rows, way));
}

function prefixOf({ prefixes, ends }: TableRows, row: number): string {
  return String.fromCharCode(...prefixes.subarray(startOf(ends, row), ends[row]));
}

function trunksOf(rows: TableRows, row: number): readonly string[] {
  return wayOf(rows, rows.ways[row] ?? 0);
}

function wayOf({ wayTrunks, wayEnds, trunks }: TableRows, way: number): readonly string[] {
  const places = wayTrunks.subarray(startOf(wayEnds, way), wayEnds[way]);
  return Array.from(places, (place) => trunks[place] ?? '');
}

function startOf(ends: Uint32Array, at: number): number {
  return at === 0 ? 0 : (ends[at - 1] ?? 0);
}
