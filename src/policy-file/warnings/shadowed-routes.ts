import type { WholePolicy } from '../../policy/policy';
import type { Route, RouteTable } from '../../policy/policy-data';
import { coversPattern, exampleOf, fitsPattern, patternOf } from '../../policy/routes/digits';
import { firstFit, patternAt } from '../../policy/routes/pattern-index';
import { routePatterns, type RoutePatterns } from '../../policy/routes/route-index';
import { tableRoute } from '../../policy/routes/tables';
import { coversCondition } from './covers-condition';
import type { Warning } from './warning';

/** Comparisons of routes that ask for the same digits; a hundred thousand of them would take minutes. */
const MOST_COMPARISONS = 20_000_000;

/** Routes that no call takes, or not by these digits: another route takes every one of their calls. */
export function shadowedRoutes(policy: WholePolicy): readonly Warning[] {
  const { routes, match, tables = [] } = policy;
  const patterns = routePatterns(routes, match, tables);
  const found = shadowedPatterns(policy, patterns);
  const inRoutes = found.filter(({ place }) => place < routes.length);
  const warnings = inRoutes.flatMap(({ given, place, by }): Warning[] => {
    const [route, earlier] = [routes[place], routes[patterns.routes[by] ?? 0]];
    // A row comes after all routes, unless its prefix is longer: then it takes not all of their numbers.
    if (!route || !earlier) return [];
    const [digits, taken] = [digitsAt(route, given, patterns), digitsAt(earlier, by, patterns)];
    return [shadowed(route, digits, { earlier, digits: taken }, match)];
  });
  return [...warnings, ...tables.flatMap((_, table) => shadowedRows(policy, table, found))];
}

/** A pattern that no call takes, and the one that takes all of its calls; by their places in the order given. */
interface Shadowed {
  readonly given: number;
  readonly by: number;
  /** Of its route, or of its row behind all routes. */
  readonly place: number;
}

/** In the order given. */
function shadowedPatterns(
  { routes, emergency, tables = [] }: WholePolicy,
  { index, routes: places }: RoutePatterns,
): readonly Shadowed[] {
  const starts = startsOf(tables, routes.length);
  const sharedBy = (place: number) =>
    routes[place] ?? tables[starts.findLastIndex((start) => start <= place)]?.shared;
  let comparisons = 0;
  const found: Shadowed[] = [];
  for (let order = 0; order < places.length; order++) {
    const given = index.given[order] ?? 0;
    const place = places[given] ?? 0;
    const pattern = patternAt(index, order);
    // Whatever takes all of its numbers takes this one.
    const before = firstFit(index, exampleOf(pattern), (other) => {
      if (other >= order || ++comparisons > MOST_COMPARISONS) return false;
      if (!coversPattern(patternAt(index, other), pattern)) return false;
      const earlier = sharedBy(places[index.given[other] ?? 0] ?? 0);
      const isForEmergency = emergency.some((number) => fitsPattern(pattern, number));
      return (
        coversCondition(earlier?.when, sharedBy(place)?.when) &&
        !(earlier?.refuse && isForEmergency)
      );
    });
    if (before !== undefined) found.push({ given, place, by: index.given[before] ?? 0 });
  }
  return found.sort((one, other) => one.given - other.given);
}

/** Place of each table's first row. */
function startsOf(tables: readonly RouteTable[], routes: number): readonly number[] {
  let start = routes;
  return tables.map(({ rows }) => (start += rows?.lines.length ?? 0) - (rows?.lines.length ?? 0));
}

/** One warning for all rows of a table: there may be hundreds of thousands. */
function shadowedRows(
  { routes, tables = [], match }: WholePolicy,
  table: number,
  found: readonly Shadowed[],
): readonly Warning[] {
  const start = startsOf(tables, routes.length)[table] ?? 0;
  const end = start + (tables[table]?.rows?.lines.length ?? 0);
  const rows = found.filter(({ place }) => place >= start && place < end);
  const [first] = rows;
  if (!first) return [];
  const { at, digits } = tableRoute(tables, first.place - routes.length);
  const others = rows.length > 1 ? `, nor ${rows.length - 1} more` : '';
  const expected =
    match === 'first'
      ? 'Write match: longest at the top of the policy file, or take them out'
      : 'Take out what is there twice';
  const message = `no call takes this row (${digits[0]})${others}: a route or row before it takes all of its numbers`;
  return [{ at, finding: 'CB1302', message, expected }];
}

/** The digits that a pattern was read from, by its place in the order given. */
function digitsAt(route: Route, given: number, { routes: places }: RoutePatterns): string {
  let first = given;
  while (first > 0 && places[first - 1] === places[given]) first -= 1;
  return route.digits[given - first] ?? '';
}

function shadowed(
  route: Route,
  digits: string,
  by: { readonly earlier: Route; readonly digits: string },
  match: WholePolicy['match'],
): Warning {
  const [mine, other] = [digits, by.digits].map((text) => JSON.stringify(patternOf(text)));
  const same = mine === other ? 'has the same digits' : 'takes all of its numbers';
  const what = route.digits.length > 1 ? `"${digits}" of this route` : 'this route';
  const where =
    by.earlier === route
      ? `"${by.digits}" of the same route`
      : `"${by.digits}" in line ${by.earlier.at.line}`;
  const before = match === 'first' ? 'comes before it' : 'is as long, comes before it';
  const expected =
    match === 'first'
      ? 'Put the narrower route first, or write match: longest at the top of the file'
      : 'Take one of them out';
  const message = `no call takes ${what}: ${where} ${before} and ${same}`;
  return { at: route.at, finding: 'CB1302', message, expected };
}
