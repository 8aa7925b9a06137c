import {
  NotImportable,
  type Draft,
  type DraftRoute,
  type LeftOut,
} from '../../../src/import/draft';
import { firstLeft } from '../../../src/import/left-out';
import type { ConfigFiles } from '../../../src/init/pbx';
import { KNOWN_EMERGENCY } from '../../../src/init/proposal/policy-text';
import { takesAll } from '../../../src/init/proposal/written-digits';
import { readConf, type ConfSection } from '../init/conf-file';
import { endpointsOf } from '../init/endpoints';
import { globalsOf } from '../init/steps';
import { blocksOf, contextsOf, reachOf, type Block, type Context } from './contexts';
import { ALL_ROUTES, isFreepbx, isFreepbxRoute, leftOfTrunks } from './freepbx/generated';
import { translate, type Translated } from './route-of-extension';
import { timesOf, zoneOf, type Times } from './timed-contexts';
import { trunksOf } from './trunks-of-attempts';

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
