import { posix } from 'node:path';
import { parseStringPromise } from 'xml2js';
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
}

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
    const root = (await parseStringPromise(text, {
      explicitRoot: false,
      explicitArray: true,
      explicitChildren: true,
      preserveChildrenOrder: true,
    })) as Element;
    return { root, variables, notes };
  } catch (error) {
    const [reason = ''] = String((error as Error).message).split('\n');
    return {
      root: undefined,
      variables,
      notes: [...notes, `freeswitch.xml with what it includes is no XML: ${reason}`],
    };
  }
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
    const whole = text
      .split(/\r?\n/)
      .map((line) => this.line(line, posix.dirname(path)))
      .join('\n');
    this.open.delete(path);
    return whole;
  }

  private line(whole: string, from: string): string {
    // FreeSWITCH drops the line.
    if (/^\s*<\/?include>?/.test(whole) || /^\s*<\?xml/.test(whole)) return '';
    const line = this.expanded(whole);
    const found = /<X-PRE-PROCESS\s+cmd\s*=\s*"([a-z-]+)"\s+data\s*=\s*"([^"]*)"/i.exec(line);
    const hash = found ?? /^\s*<!--\s*#(set|include)\s+"?([^"]*?)"?\s*-->/.exec(line);
    if (!hash) return line;
    const [, command = '', data = ''] = hash;
    if (command === 'set' || command === 'stun-set' || command === 'env-set') this.set(data);
    if (command === 'include') return this.include(data, from);
    if (command === 'exec') this.notes.push(`a command of the configuration is not run: ${data}`);
    return '';
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
      if (COMPUTED.test(name)) return whole;
      return this.variables.get(name) ?? '';
    });
  }
}
