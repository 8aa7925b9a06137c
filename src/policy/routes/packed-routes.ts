// Own format: what serialises objects (structured clone, MessagePack) makes all of them again on the other
// side, and so many new objects stop the thread for tens of milliseconds, in the garbage collector alone.
import type { Route, RouteTable } from '../policy-data';
import { buffersOfIndex, type Preference } from './pattern-index';
import { buffersOfTable, KeptRows } from './tables';
import {
  RouteIndex,
  routePatterns,
  type RoutePatterns,
  type RoutesByPlace,
  type RoutingAround,
} from './route-index';

/** Routes in a few flat buffers, which cost no more to hand over the more routes there are. */
export interface PackedRoutes {
  /** Each route as JSON, UTF-8, one after the other in file order. */
  readonly records: Uint8Array<ArrayBuffer>;
  /** Where each record ends in `records`. */
  readonly recordEnds: Uint32Array<ArrayBuffer>;
  readonly patterns: RoutePatterns;
  readonly preference: Preference;
  readonly tables: readonly RouteTable[];
}

/** Routes that were used last and are kept as objects; when there are as many, all are dropped. */
const KEPT = 1_000;

export function packRoutes(
  routes: readonly Route[],
  preference: Preference = 'first',
  tables: readonly RouteTable[] = [],
): PackedRoutes {
  const [records, recordEnds] = packed(routes.map((route) => JSON.stringify(route)));
  const patterns = routePatterns(routes, preference, tables);
  return { records, recordEnds, patterns, preference, tables };
}

/** Everything of them that may be transferred instead of copied. */
export function buffersOf({
  records,
  recordEnds,
  patterns,
  tables,
}: PackedRoutes): readonly ArrayBuffer[] {
  const { index, routes, flags } = patterns;
  const own = [records, recordEnds, routes, flags].map(({ buffer }) => buffer);
  return [...own, ...buffersOfIndex(index), ...tables.flatMap(buffersOfTable)];
}

/** Finds routes among packed ones; a route becomes an object when a number is for it. */
export function unpackedIndex(
  packed: PackedRoutes,
  around: RoutingAround = { emergency: new Set() },
): RouteIndex {
  const { patterns, preference, tables } = packed;
  return new RouteIndex(new UnpackedRoutes(packed), patterns, preference, { ...around, tables });
}

class UnpackedRoutes implements RoutesByPlace {
  private readonly kept = new Map<number, Route>();
  private readonly rows: KeptRows;
  private readonly utf8 = new TextDecoder();

  constructor(private readonly packed: PackedRoutes) {
    this.rows = new KeptRows(packed.tables);
  }

  routeOf(place: number): Route {
    const { length } = this.packed.recordEnds;
    if (place >= length) return this.rows.routeOf(place - length);
    const kept = this.kept.get(place);
    if (kept) return kept;
    const { records, recordEnds } = this.packed;
    const record = records.subarray(startOf(recordEnds, place), recordEnds[place]);
    // Written by `packRoutes`.
    const route = JSON.parse(this.utf8.decode(record)) as Route;
    if (this.kept.size >= KEPT) this.kept.clear();
    this.kept.set(place, route);
    return route;
  }
}

function startOf(ends: Uint32Array, place: number): number {
  return place === 0 ? 0 : (ends[place - 1] ?? 0);
}

/** Texts as UTF-8, one after the other, and where each ends. */
function packed(
  texts: readonly string[],
): readonly [Uint8Array<ArrayBuffer>, Uint32Array<ArrayBuffer>] {
  const utf8 = new TextEncoder();
  const pieces = texts.map((text) => utf8.encode(text));
  const ends = new Uint32Array(texts.length);
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const [index, piece] of pieces.entries()) {
    bytes.set(piece, end);
    end += piece.length;
    ends[index] = end;
  }
  return [bytes, ends];
}
