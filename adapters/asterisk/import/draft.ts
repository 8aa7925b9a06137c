import {
  NotImportable,
  type Draft,
  type DraftAttempt,
  type DraftRoute,
  type DraftTrunk,
  type LeftOut,
} from '../../../src/import/draft';
import { firstLeft } from '../../../src/import/left-out';
import type { ConfigFiles } from '../../../src/init/pbx';
import { KNOWN_EMERGENCY } from '../../../src/init/proposal/policy-text';
import { takesAll } from '../../../src/init/proposal/written-digits';
import { readConf, type ConfSection } from '../init/conf-file';
import type { Destination } from '../init/dial-string';
import { endpointsOf, type Endpoint } from '../init/endpoints';
import { globalsOf } from '../init/steps';
import { blocksOf, contextsOf, reachOf, type Block, type Context } from './contexts';
import {
  ALL_ROUTES,
  freepbxTrunk,
  isFreepbx,
  isFreepbxRoute,
  leftOfTrunks,
} from './freepbx/generated';
import { timeOf } from './times';
import { walk } from './walk';
import type { DialStatus, Walk } from './walked';

const PHONES = 'phones';
/** Seconds that a policy's trunk may ring. */
const LONGEST_RING = 600;
/** Entered by Asterisk itself. */
const NO_NUMBERS = /^(?:[hitoaT]|fax|e)$/;
/** Contexts that no call begins in, or that are crankback's own. */
const NO_ENTRY = /^(?:crankback|macro-)/;

/**
 * A draft of extensions.conf, other files of the dialplan, and pjsip.conf where it is among them.
 * @param paths in the order in which Asterisk would read them
 * @throws NotImportable where nothing dials out
 */
export function draftOfDialplan(files: ConfigFiles, paths: readonly string[]): Draft {
  const read = paths.map((path) => readConf(files, folderOf(path), nameOf(path)));
  const sections = read.flatMap((one) => one.sections);
  refuseShown(files, paths);
  const notes = read.flatMap((one) => one.notes);
  const contexts = contextsOf(sections.filter(isDialplan));
  const globals = globalsOf(sections);
  const endpoints = endpointsOf(sections);
  const isRoutes = isFreepbx(contexts);
  const called = calledContexts(contexts);
  const isOwn = (name: string) => !NO_ENTRY.test(name) && !called.has(name);
  const translated = [...contexts.values()]
    .filter(({ name }) => (isRoutes ? isFreepbxRoute(name) : isOwn(name)))
    .flatMap((context) =>
      [...context.extensions.keys()]
        .filter((extension) => !NO_NUMBERS.test(extension))
        .map((extension) => ({ context, ...translate(contexts, globals, context, extension) })),
    );
  const byContext = new Map<string, (typeof translated)[number][]>();
  for (const one of translated) {
    const known = byContext.get(one.context.name);
    if (known) known.push(one);
    else byContext.set(one.context.name, [one]);
  }
  const leads = (name: string) => (byContext.get(name) ?? []).some(({ route }) => route);
  const isEntry = (name: string) => (isRoutes ? name === ALL_ROUTES : isOwn(name));
  const times = timesOf(contexts);
  const blocks = blocksOf(contexts, leads, isEntry);
  const routes = blocks.flatMap((block) =>
    (byContext.get(block.context.name) ?? []).flatMap(({ route, extension }) =>
      route ? inBlock(route, extension, block, times.get(block.context.name)) : [],
    ),
  );
  const left = [
    ...notes.map((note) => noteOf(note)),
    ...(isRoutes ? leftOfTrunks(sections, contexts) : [...contexts.values()].flatMap(leftIn)),
    ...[...times.values()].flatMap((one) => one.left),
    ...translated.flatMap((one) => one.left),
    ...translated.flatMap((one) => takenElsewhere(one, one.context, routes, contexts)),
  ];
  if (routes.every(({ attempts }) => attempts.length === 0))
    throw new NotImportable(nothingFound(paths, left));
  const marked = new Set(
    translated.flatMap(({ route, walk: way }) =>
      way.marks.get('EMERGENCYROUTE') === 'YES' ? (route?.digits ?? []) : [],
    ),
  );
  const emergency = routes.flatMap(({ digits, attempts, contexts: from }) =>
    digits.filter(
      (number) =>
        (KNOWN_EMERGENCY.includes(number) || (marked.has(number) && /^[0-9]+$/.test(number))) &&
        !from &&
        attempts.length > 0 &&
        attempts.every((one) => one.number.strip === '' && one.number.prepend === ''),
    ),
  );
  return {
    pbx: 'asterisk',
    trunks: trunksOf(translated, endpoints, globals),
    // An emergency number comes before every pattern, from wherever it is dialled.
    routes: [...routes].sort(
      (a, b) => Number(isAmong(b, emergency)) - Number(isAmong(a, emergency)),
    ),
    emergency: [...new Set(emergency)],
    ...(routes.some(({ time }) => time) && { timeZone: zoneOf(times) }),
    left,
  };
}

const OTHERS = ['CONGESTION', 'BUSY', 'NOANSWER'] as const;

interface Translated {
  readonly extension: string;
  readonly route?: DraftRoute;
  readonly walk: Walk;
  readonly left: readonly LeftOut[];
}

/** The policy has one; without it, a time would be another one in winter. */
function zoneOf(times: ReadonlyMap<string, Times>): string {
  const [zone = 'UTC'] = [...times.values()].flatMap(({ zones }) => zones);
  return zone;
}

/** One extension, followed once for each way in which its `Dial()` may end. */
function translate(
  contexts: ReadonlyMap<string, Context>,
  globals: ReadonlyMap<string, string>,
  context: Context,
  extension: string,
): Translated {
  const as = (status: DialStatus) => walk(contexts, globals, context.name, extension, status);
  const unavailable = as('CHANUNAVAIL');
  // Where nothing is dialled, it does not matter how a Dial() ends.
  const others = unavailable.attempts.length > 0 ? OTHERS.map(as) : OTHERS.map(() => unavailable);
  const [congested, busy, silent] = others as [Walk, Walk, Walk];
  const main = congested.attempts.length > unavailable.attempts.length ? congested : unavailable;
  const first = context.extensions.get(extension)?.[0];
  const at = { where: first?.where ?? '', text: `${extension}: ${first?.text ?? ''}` };
  if (main.unclear) return { extension, walk: main, left: [main.unclear, ...main.left] };
  if (main.attempts.length === 0 && main.refuses && main.left.length === 0) {
    const route = routeOf(extension, at.where);
    if (route) return { extension, route, walk: main, left: [] };
  }
  if (main.attempts.length === 0) {
    const why = 'no Dial() that leads out by the number';
    const own = new Set(context.extensions.get(extension)?.map(({ where }) => where));
    // A line that others come to as well says for whom it is meant.
    const left = main.left.map((one) =>
      own.has(one.where) || one.isOnce ? one : { ...one, text: `${extension}: ${one.text}` },
    );
    return { extension, walk: main, left: left.length > 0 ? left : [{ ...at, why }] };
  }
  const plain = routeOf(extension, main.attempts[0]?.where ?? at.where);
  if (!plain)
    return { extension, walk: main, left: [{ ...at, why: 'a name, not a number' }, ...main.left] };
  const attempts = main.attempts.flatMap(({ where, text, destinations, freepbx }) =>
    destinations.flatMap((destination): (DraftAttempt | LeftOut)[] => {
      if (freepbx !== undefined && freepbxTrunk(globals, freepbx).isDisabled)
        return [{ where, text, why: 'the trunk is disabled' }];
      const number = destination.number;
      return number
        ? [{ trunk: destination.dial, number }]
        : [{ where, text, why: 'the number that it dials cannot be told' }];
    }),
  );
  const left = [...main.left, ...attempts.filter((one) => 'why' in one)];
  const known = attempts.filter((one) => 'trunk' in one);
  const mailbox = silent.mailbox ?? busy.mailbox ?? main.mailbox;
  if (known.length === 0) return { extension, walk: main, left };
  const route: DraftRoute = {
    ...plain,
    ...nameOfRoute(main),
    attempts: known,
    ...(mailbox !== undefined && { mailbox }),
    notes: notesOf(unavailable, congested, busy, silent),
  };
  return { extension, route, walk: main, left };
}

/** A number without a route of its own, which would go elsewhere if the whole dialplan led to crankback. */
function takenElsewhere(
  { extension, route }: Translated,
  context: Context,
  routes: readonly DraftRoute[],
  contexts: ReadonlyMap<string, Context>,
): readonly LeftOut[] {
  if (route || !/^[0-9*#+]+$/.test(extension)) return [];
  const comesThere = (name: string) => reachOf(name, contexts).includes(context.name);
  const digits = routes
    .filter((one) => one.contexts?.some(comesThere) ?? true)
    .flatMap((one) => one.digits)
    .find((pattern) => takesAll(pattern, { dialled: extension, before: '', cut: 0 }));
  const isEmergency = KNOWN_EMERGENCY.includes(extension);
  if (digits === undefined && !isEmergency) return [];
  const what = isEmergency
    ? 'an emergency number without a route of its own'
    : 'no route of its own';
  const taken = digits === undefined ? '' : `, and ${digits} would take it`;
  const [first] = context.extensions.get(extension) ?? [];
  const why = `${what}${taken}: keep this extension in your dialplan`;
  return [{ where: first?.where ?? '', text: `${extension}: ${first?.text ?? ''}`, why }];
}

function nameOfRoute({ marks }: Walk): Pick<DraftRoute, 'name'> {
  const name = marks.get('ROUTENAME');
  return name === undefined || name === '' ? {} : { name };
}

/** A route without trunks, for the numbers of an extension; undefined for a name. */
function routeOf(extension: string, where: string): DraftRoute | undefined {
  const [pattern = '', caller = ''] = extension.split('/');
  if (!/^_|^[0-9A-D*#+]+$/.test(pattern)) return undefined;
  const digits = pattern.startsWith('_') || !pattern.endsWith('*') ? pattern : `_${pattern}`;
  const from = caller === '' ? {} : { from: [caller] };
  return { where, digits: [digits], attempts: [], ...from, notes: [] };
}

/** Where the dialplan goes on after another result than the policy's built-in rules. */
function notesOf(unavailable: Walk, congested: Walk, busy: Walk, silent: Walk): readonly string[] {
  const [a, b, c, d] = [unavailable, congested, busy, silent].map(({ attempts, unclear }) =>
    unclear ? 0 : attempts.length,
  ) as [number, number, number, number];
  const most = Math.max(a, b);
  const also = [...(c > 1 ? ['BUSY'] : []), ...(d > 1 ? ['NOANSWER'] : [])];
  return [
    ...(a < most ? ['the dialplan ends after CHANUNAVAIL; the policy tries the next trunk'] : []),
    ...(b < most ? ['the dialplan ends after CONGESTION; the policy tries the next trunk'] : []),
    ...(also.length > 0 && most > 1
      ? [`the dialplan goes on after ${also.join(' and ')} as well; the built-in rules do not`]
      : []),
  ];
}

function inBlock(
  route: DraftRoute,
  extension: string,
  { from }: Block,
  times: Times | undefined,
): readonly DraftRoute[] {
  if (times && times.windows.length === 0) return [];
  // Nothing may stand in the way of an emergency call.
  const isFree = KNOWN_EMERGENCY.includes(extension);
  return [
    {
      ...route,
      ...(from && !isFree && { contexts: from }),
      ...(times && !isFree && { time: times.windows }),
    },
  ];
}

/** When a context counts that is included by the clock alone. */
interface Times {
  /** None: the policy has no word for them. */
  readonly windows: readonly string[];
  readonly zones: readonly string[];
  readonly left: readonly LeftOut[];
}

function timesOf(contexts: ReadonlyMap<string, Context>): ReadonlyMap<string, Times> {
  const found = new Map<string, Times>();
  for (const { timed } of contexts.values())
    for (const { name, time, where } of timed) {
      const before = found.get(name) ?? { windows: [], zones: [], left: [] };
      const read = timeOf(time);
      const why = 'a time that the policy has no word for';
      found.set(name, {
        windows: read ? [...new Set([...before.windows, read.window])] : before.windows,
        zones: read?.zone === undefined ? before.zones : [...before.zones, read.zone],
        left: read ? before.left : [...before.left, { where, text: `${name},${time}`, why }],
      });
    }
  return found;
}

function isAmong({ digits }: DraftRoute, emergency: readonly string[]): boolean {
  return digits.every((number) => emergency.includes(number));
}

/** Contexts that subroutines alone lead to. */
function calledContexts(contexts: ReadonlyMap<string, Context>): ReadonlySet<string> {
  const called = new Set<string>();
  for (const { extensions } of contexts.values())
    for (const steps of extensions.values())
      for (const { text } of steps) {
        const [, name] = /Gosub(?:If\(.*\?)?\(?([A-Za-z0-9_.-]+),[^,]*,/i.exec(text) ?? [];
        if (name !== undefined) called.add(name);
      }
  for (const { includes } of contexts.values()) for (const name of includes) called.delete(name);
  return called;
}

function leftIn({ others }: Context): readonly LeftOut[] {
  return others.map(({ name, value, where }) => ({
    where,
    text: `${name} => ${value}`,
    why: 'not read',
  }));
}

/** `extensions.conf:3: includes itself` */
function noteOf(note: string): LeftOut {
  const [, where = '', why = note] = /^(\S+:\d+): (.*)$/.exec(note) ?? [];
  return { where, text: '', why };
}

function trunksOf(
  translated: readonly Translated[],
  endpoints: readonly Endpoint[],
  globals: ReadonlyMap<string, string>,
): readonly DraftTrunk[] {
  const known = new Map(endpoints.map((endpoint) => [endpoint.name, endpoint]));
  const found = new Map<string, DraftTrunk & { readonly rings: Set<number> }>();
  for (const { walk: way } of translated)
    for (const { destinations, where, timeout, freepbx } of way.attempts)
      for (const destination of destinations) {
        const key = destination.dial;
        const endpoint = known.get(destination.name ?? '');
        const trunk = found.get(key) ?? {
          key,
          name: trunkName(destination),
          dial: destination.dial,
          where: endpoint?.where ?? where,
          facts: endpoint?.facts ?? [],
          ...(freepbx !== undefined && limitOf(globals, freepbx)),
          rings: new Set<number>(),
        };
        trunk.rings.add(timeout ?? 0);
        found.set(key, trunk);
      }
  return [...found.values()].map(({ rings, ...trunk }) => {
    const [ring = 0] = rings;
    const isOne = rings.size === 1 && ring >= 1 && ring <= LONGEST_RING;
    return isOne ? { ...trunk, ringTimeout: ring } : trunk;
  });
}

function limitOf(
  globals: ReadonlyMap<string, string>,
  trunk: string,
): Pick<DraftTrunk, 'concurrentCalls'> {
  const { concurrentCalls } = freepbxTrunk(globals, trunk);
  return concurrentCalls === undefined ? {} : { concurrentCalls };
}

/** Groups of lines have short names. */
function trunkName({ name, dial }: Destination): string {
  const [technology = ''] = dial.split('/');
  if (name === undefined)
    return technology === 'PJSIP' ? PHONES : `${PHONES}-${technology.toLowerCase()}`;
  return technology === 'PJSIP' || technology === 'SIP'
    ? name
    : `${technology.toLowerCase()}-${name}`;
}

function isDialplan({ lines }: ConfSection): boolean {
  return !lines.some(({ name, value }) => name === 'type' && !value.includes(','));
}

/** What Asterisk prints of its dialplan looks alike, but its lines are not those of a file. */
function refuseShown(files: ConfigFiles, paths: readonly string[]): void {
  const shown = paths.find((path) =>
    /^\[ Context '[^']*' created by '/m.test(files.read(path) ?? ''),
  );
  if (shown !== undefined)
    throw new NotImportable(
      `${shown}: this is what \`dialplan show\` prints. Name the file of the dialplan, such as /etc/asterisk/extensions.conf`,
    );
}

function nothingFound(paths: readonly string[], left: readonly LeftOut[]): string {
  const what = `${paths.join(', ')}: no Dial() leads out by the number that was dialled`;
  return [what, ...firstLeft(left)].join('\n');
}

function folderOf(path: string): string {
  const at = path.lastIndexOf('/');
  return at < 0 ? '.' : path.slice(0, at) || '/';
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
