import { isPattern, matchesDigits, readPattern } from '../policy/routes/digits';
import { inOrder, withoutSecrets } from './left-out';
import { printable } from '../model/printable';
import { trunkNames } from '../init/proposal/trunk-names';
import { nameText, plain, quoted } from '../init/proposal/yaml-words';
import type { NumberChange } from '../init/survey';
import { NotImportable } from './draft';
import type { Draft, DraftAttempt, DraftRoute, DraftTrunk, LeftOut } from './draft';

/** A policy as text, and what is in it. */
export interface ImportedPolicy {
  readonly text: string;
  readonly routes: number;
  readonly trunks: number;
  readonly left: number;
}

/** More comments would hide the policy. */
const MOST_LEFT = 500;
/** Patterns and contexts of all routes together; more would take minutes to check. */
const MOST_ITEMS = 500_000;
const AS_DIALLED: NumberChange = { strip: '', prepend: '' };
/** What stands in for a dial string that the files do not say. */
const UNKNOWN_DIAL = { asterisk: 'PJSIP/{number}@', freeswitch: 'sofia/gateway/' } as const;

/** A trunk with the number that it gets; the policy has one of its own for each. */
interface Way {
  readonly trunk: DraftTrunk;
  readonly number: NumberChange;
}

/**
 * A policy in `mode: observe`, and behind it what was not translated, as comments.
 * @param source the command's words behind `crankback import`
 */
export function policyOfDraft(draft: Draft, source: string): ImportedPolicy {
  const legal = draft.routes.map((route) => legalRoute(route));
  const routes = legal.flatMap(({ route }) => route ?? []);
  refuseMore(routes);
  const emergency = draft.emergency.filter((number) =>
    routes.some((route) => isForEmergency(route, number)),
  );
  const ways = waysOf(draft, routes);
  const names = trunkNames([...ways.keys()], (key) => ways.get(key)?.trunk.name ?? '');
  const left = inOrder([
    ...draft.left,
    ...legal.flatMap((one) => one.left),
    ...lost(draft, emergency),
  ]);
  const lines = [
    ...headLines(source),
    ...(draft.timeZone === undefined ? [] : [`timezone: ${draft.timeZone}`, '']),
    '# Numbers that nothing in this file may ever stand in the way of: those of your country. Each must have a route.',
    `emergency: [${emergency.map(quoted).join(', ')}]`,
    '',
    'trunks:',
    ...[...ways].flatMap(([key, way]) => trunkLines(way, nameText(names.get(key) ?? ''), draft)),
    '',
    '# The first route whose digits match the number is taken.',
    'routes:',
    ...routes.flatMap((route) => routeLines(route, (key) => nameText(names.get(key) ?? ''))),
    '',
    ...leftLines(left),
  ];
  return {
    text: textOf(lines),
    routes: routes.length,
    trunks: ways.size,
    left: left.length,
  };
}

function refuseMore(routes: readonly DraftRoute[]): void {
  const items = ({ digits, contexts = [], from = [] }: DraftRoute) =>
    digits.length + contexts.length + from.length;
  const all = routes.reduce((sum, route) => sum + items(route), 0);
  if (all <= MOST_ITEMS) return;
  throw new NotImportable(
    `${routes.length} routes with ${all} patterns and contexts: more than ${MOST_ITEMS}. Name fewer files`,
  );
}

/** Nothing of somebody else's files begins a line of its own, which could be any key of the policy. */
export function textOf(lines: readonly string[]): string {
  return lines.map(printable).join('\n');
}

/** Of every policy that is imported. */
export function headLines(source: string): readonly string[] {
  return [
    `# Written by \`crankback import ${plain(source)}\`. Read it before it decides. Every key: policy.md of the`,
    '# documentation. After a change: crankback check policy.yaml',
    'version: 1',
    '',
    '# Calls are only followed, and recorded with what would have been decided: crankback observed.',
    'mode: observe',
    '',
  ];
}

/** A trunk of which the files say only its name. */
export function trunkText(name: string, written: string, pbx: Draft['pbx']): readonly string[] {
  return [
    `  # ${plain(name)}`,
    `  ${nameText(written)}:`,
    '    dial:',
    `      ${pbx}: ${unknownDial(pbx, written)}`,
  ];
}

/** Patterns that the policy has no word for are left out with their line. */
function legalRoute(route: DraftRoute): {
  readonly route?: DraftRoute;
  readonly left: readonly LeftOut[];
} {
  const isLegal = (digits: string) => isPattern(readPattern(digits));
  const wrong = [...route.digits, ...(route.from ?? [])].filter((digits) => !isLegal(digits));
  const left = wrong.map((digits) => ({
    where: route.where,
    text: digits,
    why: 'the policy has no pattern for these numbers',
  }));
  const digits = [...new Set(route.digits.filter(isLegal))];
  if (digits.length === 0 || !(route.from ?? []).every(isLegal)) return { left };
  return { route: { ...route, digits }, left };
}

function isForEmergency(route: DraftRoute, number: string): boolean {
  return (
    route.attempts.length > 0 &&
    !route.from &&
    !route.contexts &&
    !route.time &&
    route.digits.some((digits) => matchesDigits(digits, number))
  );
}

function lost({ emergency, routes }: Draft, kept: readonly string[]): readonly LeftOut[] {
  const where = routes[0]?.where ?? '';
  return emergency
    .filter((number) => !kept.includes(number))
    .map((number) => ({
      where,
      text: `emergency ${number}`,
      why: 'no route without conditions takes it',
    }));
}

const routeNumbers = new WeakMap<DraftRoute, NumberChange>();

/** What the route itself does to the number, because all its trunks want it so. It is asked for with each of them. */
function routeNumber(route: DraftRoute): NumberChange {
  const known = routeNumbers.get(route) ?? sharedNumber(route);
  routeNumbers.set(route, known);
  return known;
}

function sharedNumber({ attempts }: DraftRoute): NumberChange {
  const [first] = attempts;
  if (!first) return AS_DIALLED;
  if (attempts.every(({ number }) => sameNumber(number, first.number))) return first.number;
  const isCut = attempts.every(({ number }) => number.strip === first.number.strip);
  return isCut ? { strip: first.number.strip, prepend: '' } : AS_DIALLED;
}

/** What is left for the trunk to do. */
function trunkNumber(route: DraftRoute, { number }: DraftAttempt): NumberChange {
  const done = routeNumber(route);
  if (sameNumber(done, number)) return AS_DIALLED;
  return done.strip === number.strip ? { strip: '', prepend: number.prepend } : number;
}

function sameNumber(one: NumberChange, other: NumberChange): boolean {
  return one.strip === other.strip && one.prepend === other.prepend;
}

/** Trunks of the policy by a key: the draft's, and behind it the number where that is the trunk's own. */
function waysOf({ trunks }: Draft, routes: readonly DraftRoute[]): ReadonlyMap<string, Way> {
  const known = new Map(trunks.map((trunk) => [trunk.key, trunk]));
  const ways = new Map<string, Way>();
  for (const route of routes) {
    for (const attempt of route.attempts) {
      const trunk = known.get(attempt.trunk);
      const number = trunkNumber(route, attempt);
      if (trunk) ways.set(keyOf(route, attempt), { trunk, number });
    }
  }
  // In the order of the files, each behind its own plain form.
  const byTrunk = new Map<string, (readonly [string, Way])[]>(trunks.map(({ key }) => [key, []]));
  for (const way of ways) byTrunk.get(way[1].trunk.key)?.push(way);
  return new Map(
    [...byTrunk.values()].flatMap((own) => own.sort(([a], [b]) => a.length - b.length)),
  );
}

function keyOf(route: DraftRoute, attempt: DraftAttempt): string {
  const number = trunkNumber(route, attempt);
  if (sameNumber(number, AS_DIALLED)) return attempt.trunk;
  return `${attempt.trunk} ${number.strip}-${number.prepend}`;
}

function trunkLines({ trunk, number }: Way, name: string, { pbx }: Draft): readonly string[] {
  const about = [trunk.where, ...trunk.facts].filter((fact) => fact !== '').map(plain);
  return [
    `  # ${about.join('; ')}`,
    ...(trunk.dial === undefined
      ? ['  # The files do not say how it is dialled: set `dial`.']
      : []),
    `  ${name}:`,
    '    dial:',
    `      ${pbx}: ${dialText(trunk.dial ?? unknownDial(pbx, name))}`,
    ...(sameNumber(number, AS_DIALLED) ? [] : [`    number: ${numberText(number)}`]),
    ...(trunk.ringTimeout === undefined ? [] : [`    ring_timeout: ${trunk.ringTimeout}s`]),
    ...(trunk.concurrentCalls === undefined
      ? []
      : [`    limits: { concurrent_calls: ${trunk.concurrentCalls} }`]),
  ];
}

function unknownDial(pbx: Draft['pbx'], name: string): string {
  const plainName = name.replaceAll("'", '');
  return pbx === 'asterisk'
    ? `${UNKNOWN_DIAL.asterisk}${plainName}`
    : `${UNKNOWN_DIAL.freeswitch}${plainName}/{number}`;
}

/** What YAML would take for more than a text is quoted. */
function dialText(dial: string): string {
  return /^[A-Za-z]([^\s#'"]*[^\s#'":])?$/.test(dial) ? dial : quoted(dial);
}

function numberText({ strip, prepend }: NumberChange): string {
  const parts = [
    ...(strip === '' ? [] : [`strip: ${quoted(strip)}`]),
    ...(prepend === '' ? [] : [`prepend: ${quoted(prepend)}`]),
  ];
  return `{ ${parts.join(', ')} }`;
}

function routeLines(route: DraftRoute, nameOf: (key: string) => string): readonly string[] {
  const { attempts } = route;
  const number = routeNumber(route);
  const trunks = [...new Set(attempts.map((attempt) => nameOf(keyOf(route, attempt))))];
  const parts = [
    `digits: ${listText(route.digits.map(quoted))}`,
    ...(route.from ? [`from: ${listText(route.from.map(quoted))}`] : []),
    ...(route.contexts ? [`context: ${listText(route.contexts.map(quoted))}`] : []),
    ...(route.time ? [`time: ${listText(route.time.map(quoted))}`] : []),
    ...(sameNumber(number, AS_DIALLED) ? [] : [`number: ${numberText(number)}`]),
    attempts.length === 0 ? 'refuse: 403' : `trunks: [${trunks.join(', ')}]`,
    ...(route.mailbox === undefined ? [] : [`mailbox: ${quoted(route.mailbox)}`]),
  ];
  const about = [route.where, ...(route.name === undefined ? [] : [route.name])].map(plain);
  const comments = [about.join(': '), ...route.notes.map(plain)];
  return [...comments.map((one) => `  # ${one}`), `  - { ${parts.join(', ')} }`];
}

function listText(items: readonly string[]): string {
  return items.length === 1 ? (items[0] ?? '') : `[${items.join(', ')}]`;
}

/** @param count how many there are, where `left` has some of them */
export function leftLines(left: readonly LeftOut[], count = left.length): readonly string[] {
  if (left.length === 0) return [];
  const more = count - Math.min(left.length, MOST_LEFT);
  return [
    '# Not translated:',
    ...left
      .slice(0, MOST_LEFT)
      .map(({ where, text, why }) => `# ${plain(where)}: ${plain(withoutSecrets(text))} -- ${why}`),
    ...(more > 0 ? [`# and ${more} more`] : []),
    '',
  ];
}
