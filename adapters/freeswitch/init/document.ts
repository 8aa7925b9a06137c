import { posix } from 'node:path';
import { Parser, parseStringPromise } from 'xml2js';
import type { ConfigFiles } from '../../../src/init/pbx';

/** An element as xml2js gives it with the options below. */
export interface Element {
  readonly '#name': string;
  readonly $?: Readonly<Record<string, string>>;
  readonly $$?: readonly Element[];
}

export interface FreeswitchDocument {
  /** The whole configuration; undefined where it is no XML. */
  readonly root: Element | undefined;
  /** Variables of `$${…}`, as they are at the end. */
  readonly variables: ReadonlyMap<string, string>;
  readonly notes: readonly string[];
  /** The first file that is no XML by itself: `dialplan/default.xml:12: Unexpected close tag`. */
  readonly broken?: string;
}

const OPTIONS = {
  explicitRoot: false,
  explicitArray: true,
  explicitChildren: true,
  preserveChildrenOrder: true,
};
const MOST_FILES = 2_000;
/** FreeSWITCH knows these when it runs: what depends on them cannot be told from its files. */
const COMPUTED =
  /^(?:local_ip_v[46]|local_mask_v4|hostname|.*_dir|switch_serial|core_uuid|nat_.*)$/;

/**
 * freeswitch.xml with all that it includes, as FreeSWITCH's own preprocessor puts it together: by lines, also within
 * comments. No package does that; xml2js reads the result.
 */
export async function readDocument(
  files: ConfigFiles,
  folder: string,
): Promise<FreeswitchDocument> {
  const preprocessor = new Preprocessor(files, folder);
  const text = preprocessor.file(posix.join(folder, 'freeswitch.xml'));
  const { variables, notes } = preprocessor;
  try {
    return { root: await parsed(text), variables, notes };
  } catch (error) {
    const broken = (await firstBroken(preprocessor.sources, folder)) ?? reasonOf(error);
    return {
      root: undefined,
      variables,
      notes: [...notes, `freeswitch.xml with what it includes is no XML: ${broken}`],
      broken,
    };
  }
}

/** What a running FreeSWITCH says of its XML: `xml_locate root`; undefined where it is none. */
export async function documentOf(text: string): Promise<FreeswitchDocument> {
  const root = await parsed(text).catch(() => undefined);
  return { root, variables: new Map(), notes: [] };
}

/** FreeSWITCH's own parser takes an `&` as it is, and any `--` within a comment. */
async function parsed(text: string): Promise<Element> {
  return (await parseStringPromise(strictXml(text), OPTIONS)) as Element;
}

function strictXml(text: string): string {
  return text
    .replace(/<!--[\s\S]*?-->/g, (comment) => comment.replace(/[^\n]+/g, ''))
    .replace(/&(?!(?:#\d+|#x[\da-f]+|lt|gt|amp|quot|apos);)/gi, '&amp;');
}

/** Elements in elements; what looks at them goes down by recursion. */
const DEEPEST = 100;
/** Line of an element's tag, where it was parsed by `linedElements`. */
const LINE = '\u0000line';

/**
 * The elements of a file that need not be a whole document, such as `<extension>` after `<extension>`, each with its line.
 * @throws Error with a sentence, and the line before it: `12: Unexpected close tag`
 */
export async function linedElements(text: string): Promise<Element> {
  const parser = new Parser(OPTIONS);
  const { saxParser } = parser;
  const { onopentag, onclosetag } = saxParser;
  let depth = 0;
  saxParser.onopentag = (tag) => {
    depth += 1;
    if (depth > DEEPEST)
      throw new Error(`elements in elements, more than ${DEEPEST}\nLine: ${saxParser.line}`);
    tag.attributes[LINE] = String(saxParser.line + 1);
    onopentag(tag);
  };
  saxParser.onclosetag = (name) => {
    depth -= 1;
    onclosetag(name);
  };
  try {
    return (await parser.parseStringPromise(
      `<file>${strictXml(text.replace(/<\?[^>]*\?>/g, ''))}</file>`,
    )) as Element;
  } catch (error) {
    throw new Error(reasonOf(error));
  }
}

/** 1-based; 0 where it was not parsed by `linedElements`. */
export function lineOf(element: Element): number {
  return Number(element.$?.[LINE] ?? 0);
}

async function firstBroken(
  sources: ReadonlyMap<string, string>,
  folder: string,
): Promise<string | undefined> {
  for (const [path, text] of sources) {
    const reason = await parsed(`<file>${text}</file>`).then(() => undefined, reasonOf);
    if (reason !== undefined) return `${posix.relative(folder, path)}:${reason}`;
  }
  return undefined;
}

/** `12: Unexpected close tag`; sax counts lines from 0. */
function reasonOf(error: unknown): string {
  const [reason = '', line = ''] = String((error as Error).message).split('\n');
  const [, number] = /^Line: (\d+)$/.exec(line) ?? [];
  return `${number === undefined ? '' : `${Number(number) + 1}: `}${reason}`;
}

/** Children of this name, in their order. */
export function childrenOf(element: Element | undefined, name: string): readonly Element[] {
  return (element?.$$ ?? []).filter((child) => child['#name'] === name);
}

/** All elements of this name below, in their order. */
export function below(element: Element | undefined, name: string): readonly Element[] {
  return (element?.$$ ?? []).flatMap((child) => [
    ...(child['#name'] === name ? [child] : []),
    ...below(child, name),
  ]);
}

export function attribute(element: Element | undefined, name: string): string {
  return element?.$?.[name] ?? '';
}

/** Value of `<param name="…" value="…"/>`, the last one; undefined where there is none. */
export function paramOf(element: Element | undefined, name: string): string | undefined {
  const found = below(element, 'param').filter((param) => attribute(param, 'name') === name);
  return found.length > 0 ? attribute(found.at(-1), 'value') : undefined;
}

class Preprocessor {
  readonly variables = new Map<string, string>();
  readonly notes: string[] = [];
  /** Each file without what it includes, line for line. */
  readonly sources = new Map<string, string>();
  private left = MOST_FILES;
  /** Files that are being read. */
  private readonly open = new Set<string>();

  constructor(
    private readonly files: ConfigFiles,
    private readonly folder: string,
  ) {}

  file(path: string): string {
    const text = this.files.read(path);
    if (text === undefined) return '';
    this.left -= 1;
    if (this.left < 0 || this.open.has(path)) return '';
    this.open.add(path);
    const whole: string[] = [];
    const own: string[] = [];
    for (const line of text.split(/\r?\n/)) {
      const read = this.line(line, posix.dirname(path));
      whole.push(read.text);
      own.push(read.isIncluded ? '' : read.text);
    }
    this.open.delete(path);
    this.sources.set(path, own.join('\n'));
    return whole.join('\n');
  }

  private line(
    whole: string,
    from: string,
  ): { readonly text: string; readonly isIncluded?: boolean } {
    // FreeSWITCH drops the line.
    if (/^\s*<\/?include>?/.test(whole) || /^\s*<\?xml/.test(whole)) return { text: '' };
    const line = this.expanded(whole);
    const found = /<X-PRE-PROCESS\s+cmd\s*=\s*"([a-z-]+)"\s+data\s*=\s*"([^"]*)"/i.exec(line);
    const hash = found ?? /^\s*<!--\s*#(set|include)\s+"?([^"]*?)"?\s*-->/.exec(line);
    if (!hash) return { text: line };
    const [, command = '', data = ''] = hash;
    if (command === 'set' || command === 'stun-set' || command === 'env-set') this.set(data);
    if (command === 'include') return { text: this.include(data, from), isIncluded: true };
    if (command === 'exec') this.notes.push(`a command of the configuration is not run: ${data}`);
    return { text: '' };
  }

  private set(data: string): void {
    const at = data.indexOf('=');
    if (at > 0) this.variables.set(data.slice(0, at), data.slice(at + 1));
  }

  private include(data: string, from: string): string {
    const path = posix.isAbsolute(data) ? data : posix.join(from, data);
    const name = posix.basename(path);
    const names = /[*?]/.test(name) ? this.matching(posix.dirname(path), name) : [path];
    return names.map((one) => this.file(one)).join('\n');
  }

  private matching(folder: string, name: string): readonly string[] {
    const pattern = new RegExp(
      `^${name
        .replace(/[.+^${}()|[\]\\]/g, '\\$&')
        .replaceAll('*', '.*')
        .replaceAll('?', '.')}$`,
    );
    return this.files
      .list(folder)
      .filter((one) => pattern.test(one))
      .map((one) => posix.join(folder, one));
  }

  private expanded(line: string): string {
    return line.replace(/\$\$\{([A-Za-z0-9_-]+)\}/g, (whole, name: string) => {
      if (name === 'conf_dir') return this.folder;
      return this.variables.get(name) ?? (COMPUTED.test(name) ? whole : '');
    });
  }
}
