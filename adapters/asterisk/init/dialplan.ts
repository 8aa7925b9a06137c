import type { ConfigFiles } from '../../../src/init/pbx';
import { readConf, type ConfLine, type ConfSection } from './conf-file';
import { destinationsOf, type Destination } from './dial-string';
import { digitsOfExtension } from './pattern';

/** What is dialled one after another in one extension. */
export interface Chain {
  readonly where: string;
  readonly extension: string;
  readonly digits: readonly string[];
  readonly destinations: readonly Destination[];
}

export interface ReadDialplan {
  readonly chains: readonly Chain[];
  readonly notes: readonly string[];
  /** Names of all contexts. */
  readonly contexts: ReadonlySet<string>;
}

/** One priority: application with its arguments. */
interface Step {
  readonly extension: string;
  readonly text: string;
  readonly where: string;
}

const MOST_NOTES = 10;
/** Contexts that are crankback's, or that FreePBX calls with arguments and are read where they are called. */
const NOT_READ = /^(?:crankback|macro-)/;

/** The `Dial()` chains of extensions.conf and what it includes. */
export function readDialplan(files: ConfigFiles, folder: string): ReadDialplan {
  const { sections, notes } = readConf(files, folder, 'extensions.conf');
  const globals = globalsOf(sections);
  const strange: string[] = [];
  const chains = sections
    .filter(({ name }) => !/^(?:general|globals)$/.test(name) && !NOT_READ.test(name))
    .flatMap((section) => chainsOf(section, globals, strange));
  const more = strange.length - MOST_NOTES;
  return {
    chains,
    contexts: new Set(sections.map(({ name }) => name)),
    notes: [
      ...notes,
      ...strange.slice(0, MOST_NOTES),
      ...(more > 0 ? [`${more} more calls of Dial() were not understood`] : []),
    ],
  };
}

function globalsOf(sections: readonly ConfSection[]): ReadonlyMap<string, string> {
  const lines = sections.filter(({ name }) => name === 'globals').flatMap((one) => one.lines);
  return new Map(lines.map(({ name, value }) => [name, value]));
}

function chainsOf(
  section: ConfSection,
  globals: ReadonlyMap<string, string>,
  strange: string[],
): readonly Chain[] {
  const byExtension = new Map<string, Step[]>();
  for (const step of stepsOf(section.lines)) {
    const steps = byExtension.get(step.extension);
    if (steps) steps.push(step);
    else byExtension.set(step.extension, [step]);
  }
  return [...byExtension].flatMap(([extension, steps]) => {
    const values = new Map(globals);
    const destinations: Destination[] = [];
    let where: string | undefined;
    for (const step of steps) {
      noteValue(step.text, values);
      for (const target of targetsOf(step.text, values)) {
        const found = destinationsOf(target, extension);
        if (found.length > 0) where ??= step.where;
        else if (isUnclear(target))
          strange.push(`${step.where}: Dial(${target}) leads to what is known only in a call`);
        destinations.push(...found);
      }
    }
    if (where === undefined) return [];
    const digits = digitsOfExtension(extension);
    if (!digits) strange.push(`${where}: the extension ${extension} has no like in the policy`);
    return [{ where, extension, digits: digits ?? [], destinations }];
  });
}

/** `exten => _X.,1,Dial(…)` and the lines `same => n,…` behind it. */
function stepsOf(lines: readonly ConfLine[]): readonly Step[] {
  let extension = '';
  return lines.flatMap(({ name, value, where }) => {
    const parts = value.split(',');
    if (name === 'exten') extension = parts.shift()?.trim() ?? '';
    else if (name !== 'same') return [];
    const [priority = '', ...application] = parts;
    if (priority.trim() === 'hint') return [];
    return [{ extension, text: application.join(',').trim(), where }];
  });
}

/** `Set(TRUNK=carrier-a)` counts for what follows in the same extension. */
function noteValue(text: string, values: Map<string, string>): void {
  const [, name, value] = /^Set\(_{0,2}([A-Za-z0-9_]+)=(.*)\)$/i.exec(text) ?? [];
  if (name && value !== undefined) values.set(name, value);
}

/** First arguments of every `Dial()` in a step, also within `ExecIf()`; of FreePBX's trunks what its subroutine dials. */
function targetsOf(text: string, values: ReadonlyMap<string, string>): readonly string[] {
  const subroutine =
    /^(?:Macro\(dialout-trunk,|Gosub\(macro-dialout-trunk,s,1\()(\d+),([^,]*)/i.exec(text);
  if (subroutine) {
    const [, trunk = '', number = ''] = subroutine;
    return [freepbxTarget(trunk, number, values)];
  }
  return [...text.matchAll(/\bDial\(/gi)].map((found) =>
    resolved(firstArgument(text.slice(found.index + found[0].length)), values),
  );
}

/** `OUT_1 = PJSIP` and `OUT_1_SUFFIX = @carrier-a`, `OUT_2 = IAX2/carrier-b`, `OUTPREFIX_1 = 00` */
function freepbxTarget(trunk: string, number: string, values: ReadonlyMap<string, string>): string {
  const out = values.get(`OUT_${trunk}`) ?? '';
  const suffix = values.get(`OUT_${trunk}_SUFFIX`) ?? '';
  const dialled = (values.get(`OUTPREFIX_${trunk}`) ?? '') + number;
  const [, technology = '', name = ''] = /^([A-Za-z0-9]+)\/(.+)$/.exec(out) ?? [];
  return technology.toUpperCase() === 'PJSIP'
    ? `PJSIP/${dialled}@${name}`
    : `${out}/${dialled}${suffix}`;
}

/** Up to the first comma outside of brackets. */
function firstArgument(text: string): string {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const one = text[at] ?? '';
    if ('({['.includes(one)) depth += 1;
    else if (depth === 0 && (one === ',' || one === ')')) return text.slice(0, at);
    else if (')}]'.includes(one)) depth -= 1;
  }
  return text;
}

const DEEPEST = 5;

/** With variables whose value stands in the files, also as `${GLOBAL(NAME)}`. */
function resolved(text: string, values: ReadonlyMap<string, string>): string {
  let now = text;
  for (let turn = 0; turn < DEEPEST; turn += 1) {
    const next = now.replace(
      /\$\{(?:GLOBAL\(([A-Za-z0-9_]+)\)|([A-Za-z0-9_]+))\}/g,
      (whole, global: string | undefined, name: string) => values.get(global ?? name) ?? whole,
    );
    if (next === now || next.length > 1_000) break;
    now = next;
  }
  return firstArgument(now);
}

/** Whether it might be a way out: neither a certain phone nor the PBX itself. */
function isUnclear(target: string): boolean {
  return /\$[{[]/.test(target) && !/^Local\/|:[^/]*@/i.test(target);
}
