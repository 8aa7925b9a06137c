import { firstMatch, prefixChains } from '../../policy/routes/route-index';
import { DIAL_STRING_KINDS } from '../schema/dial-string';
import { isMap, unknown } from '../schema/parts';
import type { IssueParams } from '../schema/parts';
import { describe, listed, MOST_PROBLEMS, quote } from '../problems/problems';
import type { Path, Problem } from '../problems/problems';
import { closest } from '../problems/suggest';

/** A complaint that involves more than one place of the file. */
export interface CrossComplaint extends IssueParams {
  readonly path: Path;
  readonly message: string;
  readonly finding: Problem['finding'];
}

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
  return [
    ...trunkNames(known.names),
    ...dialStrings(trunks),
    ...routes.flatMap((route, index) => routeTrunks(route, ['routes', index], known)),
    ...rulesOf(file).flatMap(([rule, path]) => trunksInRule(rule, path, known)),
    ...numberingNeeded(file, trunks),
    ...timezoneNeeded(file),
    ...emergencyRoutes(listOf(file['emergency']), routes),
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

function numberingNeeded(
  file: Readonly<Record<string, unknown>>,
  trunks: Readonly<Record<string, unknown>>,
): CrossComplaint[] {
  if (file['numbering'] !== undefined) return [];
  const expected =
    'Expected at the top of the file: numbering: { country_code: 49, national_prefix: "0", international_prefix: "00" }';
  return Object.entries(trunks)
    .filter(([, trunk]) => field(field(trunk, 'number'), 'format') !== undefined)
    .map(([name]) => ({
      path: ['trunks', name, 'number', 'format'],
      finding: 'CB1207',
      message: 'a number format without numbering',
      expected,
    }));
}

function timezoneNeeded(file: Readonly<Record<string, unknown>>): CrossComplaint[] {
  if (file['timezone'] !== undefined) return [];
  const expected = 'Expected at the top of the file, such as timezone: Europe/Berlin';
  return rulesOf(file)
    .filter(([rule]) => isMap(rule) && field(rule['when'], 'time') !== undefined)
    .map(([, path]) => ({
      path: [...path, 'when', 'time'],
      finding: 'CB1208',
      message: 'time without a timezone',
      expected,
    }));
}

/** An emergency call without a route would end with 404. */
function emergencyRoutes(
  numbers: readonly unknown[],
  routes: readonly unknown[],
): CrossComplaint[] {
  const patterns = routes.map((route) => field(route, 'digits'));
  // A broken pattern might be the one that matches.
  if (routes.length === 0 || !patterns.every((digits) => typeof digits === 'string')) return [];
  const chains = prefixChains(patterns);
  return numbers.flatMap((number, index) => {
    if (typeof number !== 'string' || !/^[0-9]{1,32}$/.test(number)) return [];
    if (firstMatch(chains, (order) => patterns[order] ?? '', number) !== undefined) return [];
    const message = `no route takes the emergency number ${number}`;
    const expected = `Expected a route for it, such as { digits: "${number}", trunks: [...] }`;
    return [{ path: ['emergency', index], finding: 'CB1209', message, expected }];
  });
}

/** Every rule of the file with its path: trunks' rules, routes' rules, general rules. */
function rulesOf(file: Readonly<Record<string, unknown>>): [unknown, Path][] {
  const owners: [unknown, Path][] = [
    ...Object.entries(isMap(file['trunks']) ? file['trunks'] : {}).map(
      ([name, trunk]): [unknown, Path] => [trunk, ['trunks', name]],
    ),
    ...listOf(file['routes']).map((route, index): [unknown, Path] => [route, ['routes', index]]),
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
