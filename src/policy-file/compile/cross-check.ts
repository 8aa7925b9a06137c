import { receiverComplaints } from './alerts-check';
import type { CrossComplaint } from './cross-complaint';
import { isPattern, readPattern } from '../../policy/routes/digits';
import { firstFit, PatternIndexBuilder } from '../../policy/routes/pattern-index';
import { DIAL_STRING_KINDS } from '../schema/dial-string';
import { isMap, unknown } from '../schema/parts';
import { describe, listed, MOST_PROBLEMS, quote } from '../problems/problems';
import type { Path } from '../problems/problems';
import { closest } from '../problems/suggest';
import { countriesWithoutNumbering, numberingComplaints } from './numbering';

const TRUNK_NAME = /^[a-z0-9][a-z0-9-]{0,30}$/;

/**
 * Checks values against each other: names of trunks, weights, and whatever needs the dialling plan or the
 * time zone. Single values of the file may be wrong too.
 */
export function crossCheck(file: unknown): readonly CrossComplaint[] {
  if (!isMap(file) || !isMap(file['trunks'])) return [];
  const trunks = file['trunks'];
  const known = new KnownTrunks(Object.keys(trunks));
  const routes = listOf(file['routes']);
  const tables = tablesOf(file);
  return [
    ...someRoute(file, routes, tables),
    ...tables.flatMap(([table, path]) => tableTrunks(table, path, known)),
    ...tablesTwice(tables),
    ...trunkNames(known.names),
    ...dialStrings(trunks),
    ...routes.flatMap((route, index) => routeTrunks(route, ['routes', index], known)),
    ...routes.flatMap((route, index) => withoutTrunks(route, ['routes', index])),
    ...rulesOf(file).flatMap(([rule, path]) => trunksInRule(rule, path, known)),
    ...numberingComplaints(file['numbering'], formatsIn(trunks, routesAndTables(file))),
    ...countriesWithoutNumbering(file['numbering'], rulesOf(file)),
    ...timezoneNeeded(file, routesAndTables(file)),
    ...emergencyRoutes(listOf(file['emergency']), routes),
    ...receiverComplaints(file['alerts']),
  ];
}

function trunkNames(known: readonly string[]): readonly CrossComplaint[] {
  if (known.length === 0) {
    const expected = 'Expected at least one trunk';
    return [{ path: ['trunks'], finding: 'CB1201', message: 'no trunk', expected }];
  }
  const expected = 'Expected up to 31 of a-z 0-9 and -, beginning with a letter or a digit';
  return known
    .filter((name) => !TRUNK_NAME.test(name))
    .map((name) => ({
      path: ['trunks', name],
      finding: 'CB1202',
      message: `not a trunk name: ${quote(name)}`,
      expected,
      atKey: true,
    }));
}

/** A trunk that no PBX can dial is a mistake; which PBX it needs is known only when the service starts. */
function dialStrings(trunks: Readonly<Record<string, unknown>>): readonly CrossComplaint[] {
  const kinds = Object.entries(DIAL_STRING_KINDS);
  return Object.entries(trunks)
    .filter(([, trunk]) => isMap(trunk) && isMap(trunk['dial']) && isEmpty(trunk['dial']))
    .map(([name]) => ({
      path: ['trunks', name, 'dial'],
      finding: 'CB1203',
      message: 'no dial string',
      expected: `Expected one at least, such as ${kinds.map(([pbx, { example }]) => `${pbx}: ${example}`).join(' or ')}`,
      atKey: true,
    }));
}

function isEmpty(map: Readonly<Record<string, unknown>>): boolean {
  return Object.keys(map).length === 0;
}

/** The trunks of the file, looked up once for each place that names one. */
class KnownTrunks {
  private readonly known: ReadonlySet<string>;
  private readonly expected: string;

  constructor(readonly names: readonly string[]) {
    this.known = new Set(names);
    this.expected = `Known trunks: ${listed(names)}`;
  }

  has(name: string): boolean {
    return this.known.has(name);
  }

  unknown(name: string, path: Path): CrossComplaint {
    const { expected, names } = this;
    const message = unknown('trunk', name);
    return { path, finding: 'CB1204', message, expected, suggest: () => closest(name, names) };
  }
}

function routeTrunks(route: unknown, path: Path, known: KnownTrunks): CrossComplaint[] {
  if (!isMap(route)) return [];
  const names = listOf(route['trunks']);
  const seen = new Set<string>();
  const found = names.flatMap((name, place): CrossComplaint[] => {
    if (typeof name !== 'string') return [];
    const at = [...path, 'trunks', place];
    if (!known.has(name)) return [known.unknown(name, at)];
    if (!seen.has(name)) {
      seen.add(name);
      return [];
    }
    const message = `trunk ${describe(name)} twice in one route`;
    const expected = 'A hunt tries each trunk once';
    return [{ path: at, finding: 'CB1205', message, expected }];
  });
  return [...found, ...weightsOf(route, path, names)];
}

function someRoute(
  file: Readonly<Record<string, unknown>>,
  routes: readonly unknown[],
  tables: readonly unknown[],
): readonly CrossComplaint[] {
  if (routes.length > 0 || tables.length > 0) return [];
  if (file['routes'] !== undefined && !Array.isArray(file['routes'])) return [];
  return [
    {
      path: ['routes'],
      finding: 'CB1212',
      message: 'no route',
      expected: 'Expected at least one route',
    },
  ];
}

/** A table needs to know which of its columns has what. */
function tableTrunks(table: unknown, path: Path, known: KnownTrunks): readonly CrossComplaint[] {
  if (!isMap(table)) return [];
  const { trunks, cost } = table;
  if (trunks !== undefined && cost !== undefined) {
    const expected = 'Expected one of them: trunks by preference, or by what each costs';
    const at = [...path, 'cost'];
    return [{ path: at, finding: 'CB1213', message: 'cost beside trunks', expected, atKey: true }];
  }
  if (!isMap(cost)) return [];
  if (Object.keys(cost).length === 0) {
    const expected = 'Expected a column for each trunk, such as { carrier-a: Rate A }';
    return [{ path: [...path, 'cost'], finding: 'CB1213', message: 'no column', expected }];
  }
  return Object.keys(cost)
    .filter((name) => !known.has(name))
    .map((name) => ({ ...known.unknown(name, [...path, 'cost', name]), atKey: true }));
}

/** A record of a call names a row by its file. */
function tablesTwice(tables: readonly [unknown, Path][]): readonly CrossComplaint[] {
  const seen = new Set<unknown>();
  return tables.flatMap(([table, path]): CrossComplaint[] => {
    const file = isMap(table) ? table['file'] : table;
    const isKnown = typeof file === 'string' && seen.has(file);
    seen.add(file);
    const message = `table ${describe(file)} twice`;
    const expected = 'Expected each table once';
    return isKnown ? [{ path, finding: 'CB1214', message, expected }] : [];
  });
}

/** What a route has instead of trunks, and what makes no sense then. */
const NEEDS_TRUNKS = ['trunks', 'number', 'strategy', 'weights', 'mailbox', 'rules'];

function withoutTrunks(route: unknown, path: Path): readonly CrossComplaint[] {
  if (!isMap(route)) return [];
  const [trunks, refuse] = ['trunks', 'refuse'].map((key) => Object.hasOwn(route, key));
  if (!refuse) {
    if (trunks) return [];
    const expected = 'Expected trunks, or refuse: 403 for a route that takes no call';
    return [{ path, finding: 'CB1213', message: 'neither trunks nor refuse', expected }];
  }
  const expected = 'Expected alone: no call of this route reaches a trunk';
  return NEEDS_TRUNKS.filter((key) => Object.hasOwn(route, key) && !isDefault(route[key])).map(
    (key) => ({
      path: [...path, key],
      finding: 'CB1213',
      message: `"${key}" beside refuse`,
      expected,
      atKey: true,
    }),
  );
}

/** Filled in where nothing was written. */
function isDefault(value: unknown): boolean {
  return value === 'in-order' || (Array.isArray(value) && value.length === 0);
}

function weightsOf(
  route: Readonly<Record<string, unknown>>,
  path: Path,
  names: readonly unknown[],
): CrossComplaint[] {
  const { weights, strategy } = route;
  if (strategy !== 'weighted') {
    if (weights === undefined) return [];
    const expected = 'Expected beside strategy: weighted';
    const message = 'weights without a use';
    return [{ path: [...path, 'weights'], finding: 'CB1206', message, expected, atKey: true }];
  }
  const own = names.filter((name) => typeof name === 'string');
  if (!isMap(weights)) {
    if (weights !== undefined) return [];
    const example = listed(own.map((name) => `${name}: 1`));
    const expected = `Expected a share for each trunk, such as weights: { ${example} }`;
    const message = 'weighted without weights';
    return [{ path: [...path, 'strategy'], finding: 'CB1206', message, expected }];
  }
  const inRoute = new Set(own);
  const foreign = Object.keys(weights).filter((name) => !inRoute.has(name));
  const expected = `Expected a share for each trunk of the route: ${listed(own)}`;
  const complaints: CrossComplaint[] = foreign.map((name, index) => {
    const suggestion = index < MOST_PROBLEMS ? closest(name, own) : undefined;
    const message = `a share for ${quote(name)}, which is not in this route`;
    const at = [...path, 'weights', name];
    return {
      ...{ path: at, finding: 'CB1206', message, expected, atKey: true },
      ...(suggestion && { suggestion }),
    } as const;
  });
  const meant = new Set(complaints.map(({ suggestion }) => suggestion));
  const missing = own.filter((name) => !Object.hasOwn(weights, name) && !meant.has(name));
  if (missing.length > 0) {
    const message = `no share for ${listed(missing)}`;
    complaints.push({ path: [...path, 'weights'], finding: 'CB1206', message, expected });
  }
  const shares = Object.values(weights);
  if (shares.length > 0 && shares.every((share) => share === 0)) {
    const message = 'all shares are 0';
    complaints.push({ path: [...path, 'weights'], finding: 'CB1206', message, expected });
  }
  return complaints;
}

function trunksInRule(rule: unknown, path: Path, known: KnownTrunks): CrossComplaint[] {
  if (!isMap(rule)) return [];
  const places: [unknown, Path][] = [[field(rule['when'], 'trunk'), [...path, 'when', 'trunk']]];
  for (const key of ['do', 'else']) {
    const redirect = field(rule[key], 'redirect');
    places.push([field(redirect, 'trunks'), [...path, key, 'redirect', 'trunks']]);
  }
  return places.flatMap(([value, at]) => {
    const isList = Array.isArray(value);
    return (isList ? (value as unknown[]) : [value]).flatMap((name, place) =>
      typeof name === 'string' && !known.has(name)
        ? [known.unknown(name, isList ? [...at, place] : at)]
        : [],
    );
  });
}

/** The number formats of trunks, routes and tables. */
function formatsIn(
  trunks: Readonly<Record<string, unknown>>,
  routes: readonly [unknown, Path][],
): readonly [unknown, Path][] {
  const owners = [
    ...Object.entries(trunks).map(([name, trunk]): [unknown, Path] => [trunk, ['trunks', name]]),
    ...routes,
  ];
  return owners.flatMap(([owner, path]): [unknown, Path][] => {
    const format = field(field(owner, 'number'), 'format');
    return format === undefined ? [] : [[format, [...path, 'number', 'format']]];
  });
}

function timezoneNeeded(
  file: Readonly<Record<string, unknown>>,
  routes: readonly [unknown, Path][],
): CrossComplaint[] {
  if (file['timezone'] !== undefined) return [];
  const expected = 'Expected at the top of the file, such as timezone: Europe/Berlin';
  const places: [unknown, Path][] = [
    ...routes.map(([route, path]): [unknown, Path] => [field(route, 'time'), [...path, 'time']]),
    ...rulesOf(file).map(([rule, path]): [unknown, Path] => [
      field(field(rule, 'when'), 'time'),
      [...path, 'when', 'time'],
    ]),
  ];
  return places
    .filter(([time]) => time !== undefined)
    .map(([, path]) => ({ path, finding: 'CB1208', message: 'time without a timezone', expected }));
}

/** An emergency call without a route would end with 404, whoever makes it and at what time. */
function emergencyRoutes(
  numbers: readonly unknown[],
  routes: readonly unknown[],
): CrossComplaint[] {
  const builder = new PatternIndexBuilder();
  for (const route of routes) {
    for (const digits of [field(route, 'digits')].flat()) {
      const isText = typeof digits === 'string' || typeof digits === 'number';
      const read = readPattern(isText ? String(digits) : '');
      // A broken pattern might be the one that matches.
      if (!isPattern(read)) return [];
      if (takesAnyCaller(route)) builder.add(read);
    }
  }
  if (routes.length === 0) return [];
  const index = builder.build('first');
  return numbers.flatMap((number, place) => {
    if (typeof number !== 'string' || !/^[0-9]{1,32}$/.test(number)) return [];
    if (firstFit(index, number) !== undefined) return [];
    const message = `no route takes the emergency number ${number}`;
    const expected = `Expected a route for it with trunks and without from, context and time, such as { digits: "${number}", trunks: [...] }`;
    return [{ path: ['emergency', place], finding: 'CB1209', message, expected }];
  });
}

function takesAnyCaller(route: unknown): boolean {
  return ['from', 'context', 'time', 'refuse'].every((key) => field(route, key) === undefined);
}

/** Every table of the file with its path, right or wrong in itself. */
function tablesOf(file: Readonly<Record<string, unknown>>): [unknown, Path][] {
  const given = file['routes_from'];
  if (given === undefined) return [];
  if (!Array.isArray(given)) return [[given, ['routes_from']]];
  return (given as unknown[]).map((table, index) => [table, ['routes_from', index]]);
}

function routesAndTables(file: Readonly<Record<string, unknown>>): [unknown, Path][] {
  const routes = listOf(file['routes']);
  return [
    ...routes.map((route, index): [unknown, Path] => [route, ['routes', index]]),
    ...tablesOf(file),
  ];
}

/** Every rule of the file with its path: trunks' rules, routes' rules, general rules. */
function rulesOf(file: Readonly<Record<string, unknown>>): [unknown, Path][] {
  const owners: [unknown, Path][] = [
    ...Object.entries(isMap(file['trunks']) ? file['trunks'] : {}).map(
      ([name, trunk]): [unknown, Path] => [trunk, ['trunks', name]],
    ),
    ...routesAndTables(file),
    [file, []],
  ];
  return owners.flatMap(([owner, path]) =>
    listOf(field(owner, 'rules')).map((rule, index): [unknown, Path] => [
      rule,
      [...path, 'rules', index],
    ]),
  );
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

function field(value: unknown, key: string): unknown {
  return isMap(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}
