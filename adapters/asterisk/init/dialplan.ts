import type { ConfigFiles } from '../../../src/init/pbx';
import { readConf, type ConfSection } from './conf-file';
import { destinationsOf, type Destination } from './dial-string';
import { digitsOfExtension } from './pattern';
import {
  firstArgument,
  freepbxTarget,
  globalsOf,
  noteValue,
  resolved,
  stepsOf,
  type Step,
} from './steps';

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

/** Whether it might be a way out: neither a certain phone nor the PBX itself. */
function isUnclear(target: string): boolean {
  return /\$[{[]/.test(target) && !/^Local\/|:[^/]*@/i.test(target);
}
