import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type * as InYaml from './texts-in-yaml';
import type { ClassEntry, Entry, Labels, Pair } from './texts-in-yaml';
import type { FailureClass } from '../model/classes';

export type { Entry, Labels } from './texts-in-yaml';

/** Languages of `crankback explain`; each has a folder of texts. */
export const LANGUAGES = ['en', 'ko', 'ru'] as const;
export type Language = (typeof LANGUAGES)[number];

/** All texts of one language. */
export interface Texts {
  readonly language: Language;
  readonly sip: Readonly<Record<string, Entry>>;
  readonly causes: Readonly<Record<string, Entry>>;
  /** Why a failure of a class is that party's fault, and what to do about it. */
  readonly classes: Readonly<Record<FailureClass, ClassEntry>>;
  readonly pairs: readonly Pair[];
  /** Meanings of the carrier phrases, by `<status> <phrase>`; the English ones are in the model. */
  readonly phrases: Readonly<Record<string, string>>;
  readonly labels: Labels;
}

/** The build puts this folder beside the compiled code. */
const FOLDER = join(__dirname, 'texts');

/** Only in the bundle, which has the texts as JSON, checked when it was made, and leaves out what asks for it. */
declare const CRANKBACK_BUNDLED: true;

/**
 * Reads the texts of a language. JSON without a check takes a tenth of the time that YAML with one takes.
 * @throws if the shipped files are damaged; a unit test checks that they are complete
 */
export function loadTexts(language: Language): Texts {
  if (typeof CRANKBACK_BUNDLED === 'undefined') {
    // An import would load yaml and zod in the bundle, too.
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const { textsInYaml } = require('./texts-in-yaml') as typeof InYaml;
    return { language, ...textsInYaml(join(FOLDER, language), { phrases: language !== 'en' }) };
  }
  return JSON.parse(readFileSync(join(FOLDER, `${language}.json`), 'utf8')) as Texts;
}

/** Fills `{name}` in; a name without a value stays unchanged. */
export function fill(template: string, values: Readonly<Record<string, string | number>>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? String(values[name]) : whole,
  );
}
