/**
 * Asterisk's configuration language. It is no INI, and no package reads it: templates, `(+)`, `#include`, block comments,
 * and `=>` lines whose order and repetition count.
 */
import { posix } from 'node:path';
import type { ConfigFiles } from '../../../src/init/pbx';

/** One line `name = value` or `name => value`. */
export interface ConfLine {
  readonly name: string;
  readonly value: string;
  /** `extensions.conf:12` */
  readonly where: string;
}

export interface ConfSection {
  readonly name: string;
  /** Its own lines behind those of its templates. */
  readonly lines: readonly ConfLine[];
  readonly where: string;
  readonly isTemplate: boolean;
}

export interface ConfFile {
  readonly sections: readonly ConfSection[];
  /** What was not read, a sentence each. */
  readonly notes: readonly string[];
}

interface OpenSection extends ConfSection {
  readonly lines: ConfLine[];
}

const MOST_FILES = 500;

/** A file of the folder with everything that it includes. A file that is not there has no sections. */
export function readConf(files: ConfigFiles, folder: string, name: string): ConfFile {
  const reading = new Reading(files, folder);
  reading.file(posix.join(folder, name));
  return { sections: reading.sections, notes: reading.notes };
}

/** The last value of a name, in any case of letters; undefined where there is none. */
export function valueIn(
  section: Pick<ConfSection, 'lines'> | undefined,
  name: string,
): string | undefined {
  return section?.lines.findLast((line) => line.name.toLowerCase() === name)?.value;
}

/** As Asterisk understands it. */
export function isTrue(value: string | undefined): boolean {
  return /^(?:yes|true|y|t|1|on)$/i.test(value ?? '');
}

class Reading {
  readonly sections: OpenSection[] = [];
  readonly notes: string[] = [];
  private now: OpenSection | undefined;
  private left = MOST_FILES;
  /** Files that are being read. */
  private readonly open = new Set<string>();

  constructor(
    private readonly files: ConfigFiles,
    private readonly folder: string,
  ) {}

  file(path: string): void {
    const text = this.files.read(path);
    if (text === undefined) return;
    this.left -= 1;
    if (this.left < 0) return;
    this.open.add(path);
    let isComment = false;
    for (const [index, whole] of text.split(/\r?\n/).entries()) {
      const { line, inside } = withoutComments(whole, isComment);
      isComment = inside;
      if (line !== '') this.line(line, `${this.shown(path)}:${index + 1}`);
    }
    this.open.delete(path);
  }

  private line(line: string, where: string): void {
    const directive = /^#(include|tryinclude|exec)\s+(.+)$/i.exec(line);
    if (directive) return this.include(directive[1] ?? '', directive[2] ?? '', where);
    const header = /^\[([^\]]+)\]\s*(?:\(([^)]*)\))?/.exec(line);
    if (header) return this.begin(header[1] ?? '', header[2] ?? '', where);
    const [, name, value] = /^([^=]*?)\s*=>?\s*(.*)$/.exec(line) ?? [];
    if (name && value !== undefined) this.now?.lines.push({ name: name.trim(), value, where });
  }

  private include(kind: string, target: string, where: string): void {
    if (kind.toLowerCase() === 'exec') {
      this.notes.push(`${where}: #exec is not run, so what it writes is not read`);
      return;
    }
    const name = target.trim().replace(/^["<]|[">]$/g, '');
    const path = posix.isAbsolute(name) ? name : posix.join(this.folder, name);
    for (const one of this.matching(path)) {
      if (this.open.has(one)) this.notes.push(`${where}: includes itself`);
      else this.file(one);
    }
  }

  /** Wildcards stand in file names alone; in folders they are rare, and not read. */
  private matching(path: string): readonly string[] {
    const name = posix.basename(path);
    if (!/[*?[]/.test(name)) return [path];
    const pattern = new RegExp(
      `^${name
        .replace(/[.+^${}()|\\]/g, '\\$&')
        .replaceAll('*', '.*')
        .replaceAll('?', '.')}$`,
    );
    const folder = posix.dirname(path);
    return this.files
      .list(folder)
      .filter((one) => pattern.test(one))
      .map((one) => posix.join(folder, one));
  }

  private begin(name: string, options: string, where: string): void {
    const given = options.split(',').map((one) => one.trim());
    const isMore = given.includes('+');
    const known = isMore ? this.sections.find((one) => one.name === name) : undefined;
    const templates = given.filter((one) => one !== '' && one !== '!' && one !== '+');
    const inherited = templates.flatMap(
      (template) => this.sections.find((one) => one.name === template)?.lines ?? [],
    );
    if (known) {
      known.lines.push(...inherited);
      this.now = known;
      return;
    }
    this.now = { name, lines: [...inherited], where, isTemplate: given.includes('!') };
    this.sections.push(this.now);
  }

  private shown(path: string): string {
    return path.startsWith(`${this.folder}/`) ? path.slice(this.folder.length + 1) : path;
  }
}

/** A line without comments. `;--` begins one of several lines, `--;` ends it; `\;` is a semicolon. */
function withoutComments(
  whole: string,
  wasInside: boolean,
): { readonly line: string; readonly inside: boolean } {
  let line = '';
  let inside = wasInside;
  for (let at = 0; at < whole.length; at += 1) {
    if (inside) {
      if (!whole.startsWith('--;', at)) continue;
      inside = false;
      at += 2;
    } else if (whole.startsWith(';--', at) && whole[at + 3] !== '-') {
      inside = true;
      at += 2;
    } else if (whole[at] === ';' && whole[at - 1] !== '\\') break;
    else line += whole[at];
  }
  return { line: line.replaceAll('\\;', ';').trim(), inside };
}
