import type { Hunt } from '../hunt';
import type { Route, RouteTable, TableRow, TableRows } from '../policy-data';
import { isWithin, type LocalClock } from '../rules/time';
import { matchesDigits, patternOf, type Pattern } from './digits';
import {
  firstFit,
  patternAt,
  PatternIndexBuilder,
  placesAt,
  type PatternIndex,
  type Preference,
} from './pattern-index';
import { KeptRows, rowRoute } from './tables';

/**
 * What of a call chooses its route. The time is that of its beginning, so all its attempts have the same route, also
 * when a window ends between two of them.
 */
export type RoutedCall = Pick<Hunt, 'number' | 'startedAt' | 'from' | 'context' | 'row'>;

/** Routes by their place: those of the policy file, then the rows of its tables. */
export interface RoutesByPlace {
  routeOf(place: number): Route;
}

/** Of each pattern, in the order given: which route it is of, and what of that must be known to take it. */
export interface RoutePatterns {
  readonly index: PatternIndex;
  /** The route's place in the file, by the pattern's place in the order given. */
  readonly routes: Uint32Array<ArrayBuffer>;
  /** `CONDITIONAL`, `REFUSES` and `IN_TABLE` of the route, by the pattern's place in the order given. */
  readonly flags: Uint8Array<ArrayBuffer>;
}

/** The route asks for more than the number. */
const CONDITIONAL = 1;
/** The route has no trunk. */
const REFUSES = 2;
/** The route is a row of a table. */
const IN_TABLE = 4;

/** What finding a route needs beside the routes. */
export interface RoutingAround {
  /** Their rows are among the patterns, as far as these are there. */
  readonly tables?: readonly RouteTable[] | undefined;
  readonly emergency: ReadonlySet<string>;
  readonly clock?: LocalClock | undefined;
}

/** @param routes in file order; the rows of the tables come after them */
export function routePatterns(
  routes: readonly Route[],
  preference: Preference,
  tables: readonly RouteTable[] = [],
): RoutePatterns {
  const builder = new PatternIndexBuilder();
  const places: number[] = [];
  const flags: number[] = [];
  for (const [place, route] of routes.entries()) {
    for (const digits of route.digits) {
      builder.add(patternOf(digits));
      places.push(place);
      flags.push(flagsOf(route));
    }
  }
  const own = builder.size;
  for (const { rows } of tables) if (rows) addRows(builder, rows);
  const { size } = builder;
  const index = builder.build(preference);
  const routesOf = new Uint32Array(size);
  routesOf.set(places);
  for (let at = own; at < size; at++) routesOf[at] = routes.length + at - own;
  const flagsOfAll = new Uint8Array(size);
  flagsOfAll.set(flags);
  let at = own;
  for (const { rows, shared } of tables) {
    const end = at + (rows?.lines.length ?? 0);
    flagsOfAll.fill(flagsOf(shared) | IN_TABLE, at, end);
    at = end;
  }
  return { index, routes: routesOf, flags: flagsOfAll };
}

function addRows(builder: PatternIndexBuilder, { prefixes, ends }: TableRows): void {
  let from = 0;
  for (const end of ends) {
    builder.addPrefix(prefixes, from, end);
    from = end;
  }
}

function flagsOf({ when, refuse }: Pick<Route, 'when' | 'refuse'>): number {
  return (when ? CONDITIONAL : 0) | (refuse ? REFUSES : 0);
}

/** Finds a call's route by the digits that its number begins with. */
export class RouteIndex {
  constructor(
    private readonly byPlace: RoutesByPlace,
    private readonly patterns: RoutePatterns,
    private readonly preference: Preference,
    private readonly around: RoutingAround,
  ) {}

  /** An index over routes that are in memory. */
  static over(
    routes: readonly Route[],
    preference: Preference = 'first',
    around: RoutingAround = { emergency: new Set() },
  ): RouteIndex {
    const { tables = [] } = around;
    const rows = new KeptRows(tables);
    const byPlace: RoutesByPlace = {
      routeOf: (place) =>
        place < routes.length ? at(routes, place) : rows.routeOf(place - routes.length),
    };
    const patterns = routePatterns(routes, preference, tables);
    return new RouteIndex(byPlace, patterns, preference, around);
  }

  /** An index in which every number has this route, whatever it asks of a call. */
  static only(route: Route): RouteIndex {
    const any = { ...route, digits: ['*'] };
    const patterns = routePatterns([any], 'first');
    return new RouteIndex(
      { routeOf: () => route },
      { ...patterns, flags: new Uint8Array(1) },
      'first',
      {
        emergency: new Set(),
      },
    );
  }

  /** The patterns in the order in which they are tried, each with its route. */
  *inOrder(): Iterable<{ readonly pattern: Pattern; readonly route: Route }> {
    const { index, routes } = this.patterns;
    for (let order = 0; order < index.given.length; order++) {
      const place = routes[index.given[order] ?? 0] ?? 0;
      yield { pattern: patternAt(index, order), route: this.byPlace.routeOf(place) };
    }
  }

  /** The row of a table that takes a call, for its record; undefined where another route takes it. */
  rowOf(call: RoutedCall): TableRow | undefined {
    if (!this.around.tables?.length) return undefined;
    const {
      at: { file, line } = { file: '', line: 0 },
      digits = [],
      trunks = [],
    } = this.find(call) ?? {};
    if (!this.around.tables.some((table) => table.file === file)) return undefined;
    return { file, line, prefix: digits[0]?.slice(0, -1) ?? '', trunks };
  }

  /**
   * The route that takes a call. An emergency call takes none that refuses, and none of a table: what the policy file
   * itself says of it was checked.
   */
  find(call: RoutedCall): Route | undefined {
    const { index, routes } = this.patterns;
    const order = this.firstOf(call);
    const brought = call.row && this.brought(call, call.row, order);
    if (brought) return brought;
    return order === undefined
      ? undefined
      : this.byPlace.routeOf(routes[index.given[order] ?? 0] ?? 0);
  }

  /** Whether it is the call's time that chooses its route, everything else being as it is. */
  dependsOnTime(call: RoutedCall): boolean {
    return this.firstOf(call, true) !== this.firstOf(call, false);
  }

  /** @param isInTime what is taken for every time that a route asks for; absent: as the call's own time says */
  private firstOf(call: RoutedCall, isInTime?: boolean): number | undefined {
    const { index, flags, routes } = this.patterns;
    const emergency = this.around.emergency.has(call.number);
    return firstFit(index, call.number, (one) => {
      const given = index.given[one] ?? 0;
      const flag = flags[given] ?? 0;
      if (emergency && (flag & (REFUSES | IN_TABLE)) !== 0) return false;
      return (
        (flag & CONDITIONAL) === 0 ||
        this.meets(this.byPlace.routeOf(routes[given] ?? 0), call, isInTime)
      );
    });
  }

  /** The row that a recorded call has brought along, where only such rows of its table are known. */
  private brought(call: RoutedCall, row: TableRow, order: number | undefined): Route | undefined {
    const { emergency, tables = [] } = this.around;
    const table = tables.find(({ file, rows }) => file === row.file && !rows);
    if (!table || emergency.has(call.number) || !call.number.startsWith(row.prefix))
      return undefined;
    const route = rowRoute(row, table.shared);
    if (!this.meets(route, call)) return undefined;
    const isBetter =
      order === undefined ||
      (this.preference === 'longest' && row.prefix.length > placesAt(this.patterns.index, order));
    return isBetter ? route : undefined;
  }

  private meets(
    { when }: Route,
    { from, context, startedAt }: RoutedCall,
    isInTime?: boolean,
  ): boolean {
    if (!when) return true;
    if (when.from && !when.from.some((digits) => from !== undefined && matchesDigits(digits, from)))
      return false;
    if (when.context && !(context !== undefined && when.context.includes(context))) return false;
    if (!when.time) return true;
    if (isInTime !== undefined) return isInTime;
    const local = this.around.clock?.(startedAt);
    return local !== undefined && when.time.some((window) => isWithin(window, local));
  }
}

/** Digits of a route that are shown; a list may have thousands. */
const MOST_SHOWN = 3;

/** Names a route in decisions, records and figures: its digits. */
export function routeName({ digits }: Pick<Route, 'digits'>): string {
  const more = digits.length - MOST_SHOWN;
  const shown = digits.slice(0, MOST_SHOWN).join(', ');
  return more > 0 ? `${shown} and ${more} more` : shown;
}

function at<Item>(items: readonly Item[], index: number): Item {
  const item = items[index];
  if (item === undefined) throw new RangeError(`no route ${index}`);
  return item;
}
