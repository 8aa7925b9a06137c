import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A row of docs/threat-model.md: an attack, and what stops it. */
export interface Threat {
  /** Line in the document, from 1. */
  readonly line: number;
  readonly attack: string;
  /** The defence's name, see `Defence`. */
  readonly defence: string;
  readonly tests: readonly NamedTest[];
}

/** A test, or several with one title (`it.each`), as its file writes the title: with `%s`, `$name` or `${name}`. */
export interface NamedTest {
  readonly file: string;
  readonly title: string;
}

/** Rows of defences have four cells, and the defence's name alone in the third. */
const ROW = /^\| (?<attack>.+) \| .+ \| `(?<defence>[a-z0-9-]+)` \| (?<shown>.+) \|$/;
const SHOWN = /`(?<file>(?:test|lab)\/[^`]+)` (?<titles>“[^”]+”(?:, “[^”]+”)*)/g;

/** @throws Error for a row whose tests cannot be read */
export function readThreats(document: string): readonly Threat[] {
  return document.split('\n').flatMap((text, index) => {
    const { attack, defence, shown } = ROW.exec(text)?.groups ?? {};
    if (attack === undefined || defence === undefined || shown === undefined) return [];
    const tests = testsIn(shown);
    if (tests.length > 0) return [{ line: index + 1, attack, defence, tests }];
    throw new Error(
      `docs/threat-model.md:${index + 1}: no test; expected \`test/…\` “title”, “title”`,
    );
  });
}

export function threatModel(root: string): string {
  return readFileSync(join(root, 'docs/threat-model.md'), 'utf8');
}

function testsIn(shown: string): NamedTest[] {
  return [...shown.matchAll(SHOWN)].flatMap(({ groups: { file = '', titles = '' } = {} }) =>
    [...titles.matchAll(/“([^”]+)”/g)].map(([, title = '']) => ({ file, title })),
  );
}

/** Matches the titles that jest makes of this one. */
export function titlePattern(title: string): string {
  return title
    .split(/%[a-z#%]|\$[a-z.]+|\$\{[^}]*\}/i)
    .map((part) => part.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'))
    .join('.*');
}
