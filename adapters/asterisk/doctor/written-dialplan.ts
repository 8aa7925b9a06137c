// Own parser: no package reads Asterisk's dialect of INI (same =>, priorities, #include, templates).
import type { Context, Dialplan, Step } from './dialplan';

/** A line of the configuration, `name = value` or `name => value`. */
export interface Line {
  readonly section: string;
  readonly name: string;
  readonly value: string;
  /** `extensions.conf:12` */
  readonly where: string;
}

/** An `#include` whose file cannot be read. */
export interface BrokenInclude {
  readonly where: string;
  readonly file: string;
  readonly why: string;
}

export interface ReadConfiguration {
  readonly lines: readonly Line[];
  /** Files that were read, relative to the folder. */
  readonly files: readonly string[];
  readonly broken: readonly BrokenInclude[];
}

/** @throws Error of the file system */
export type ReadText = (file: string) => string;

/** Asterisk itself allows 16 levels and more files; nobody writes so many by hand. */
const MOST_FILES = 500;

/** One file of Asterisk's configuration with all that it includes; undefined where it cannot be read at all. */
export function readConfiguration(file: string, read: ReadText): ReadConfiguration | undefined {
  const found = { lines: [] as Line[], files: [] as string[], broken: [] as BrokenInclude[] };
  let section = '';
  const visit = (name: string, from: string | undefined): boolean => {
    if (found.files.includes(name) || found.files.length >= MOST_FILES) return true;
    let text: string;
    try {
      text = read(name);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      if (from !== undefined) found.broken.push({ where: from, file: name, why });
      return false;
    }
    found.files.push(name);
    for (const [index, line] of withoutComments(text).entries()) {
      const where = `${name}:${index + 1}`;
      const [, kind, target] = /^\s*#(try)?include\s+[<"]?([^">]+?)[>"]?\s*$/.exec(line) ?? [];
      if (target !== undefined) {
        // A pattern of files includes what is there.
        if (!/[*?[]/.test(target)) visit(target, kind === 'try' ? undefined : where);
        continue;
      }
      const [, begun] = /^\s*\[([^\]]+)\]/.exec(line) ?? [];
      if (begun !== undefined) {
        section = begun;
        continue;
      }
      const [, key, value] = /^\s*([^=\s][^=]*?)\s*=>?\s*(.*?)\s*$/.exec(line) ?? [];
      if (key !== undefined) found.lines.push({ section, name: key, value: value ?? '', where });
    }
    return true;
  };
  return visit(file, undefined) ? found : undefined;
}

/** The lines of a text without `; comments` and `;-- blocks --;`. */
function withoutComments(text: string): readonly string[] {
  let inBlock = false;
  return text.split(/\r?\n/).map((line) => {
    if (inBlock) {
      if (line.includes('--;')) inBlock = false;
      return '';
    }
    if (/^\s*;--(?!-)/.test(line)) {
      inBlock = !line.includes('--;');
      return '';
    }
    return line.replace(/(^|[^\\]);.*$/, '$1').replaceAll('\\;', ';');
  });
}

/** The dialplan that lines of extensions.conf mean. */
export function dialplanOf(lines: readonly Line[]): Dialplan {
  const contexts = new Map<string, { name: string; steps: Step[]; includes: string[] }>();
  let extension = '';
  for (const { section, name, value, where } of lines) {
    if (section === 'general' || section === 'globals') continue;
    const context = contexts.get(section) ?? { name: section, steps: [], includes: [] };
    contexts.set(section, context);
    if (name === 'include') context.includes.push(value.split(/[|,]/)[0] ?? value);
    if (name !== 'exten' && name !== 'same') continue;
    const text = name === 'exten' ? value : `${extension},${value}`;
    const [, to = '', priority = '', does = ''] =
      /^((?:[^,[]|\[[^\]]*\])+),\s*([^,(]+)(?:\([^)]*\))?\s*,\s*(.*)$/.exec(text) ?? [];
    if (to === '') continue;
    extension = to.trim();
    context.steps.push({ extension, priority: priority.trim(), does, where });
  }
  return contexts satisfies ReadonlyMap<string, Context>;
}
