// Own watcher, by asking for the file's state again and again: notices of the kernel go to a folder, and tell
// nothing of a link far above it, of a folder that was replaced, or of a network file system.
import { statSync } from 'node:fs';
import { compileFile, hashOf, readSources, type CompiledFile } from '../policy-file';
import type { Look, RefusedFile } from './policy-source';

/** A file that never comes to rest must not put the reading off for ever. Looks. */
const LONGEST_UNREST = 10;
/** A change so short ago may be followed by another one with the same time stamp. Milliseconds. */
const RACY_MS = 2_000;

/** What a look at the file comes to. */
export type Found =
  | { readonly kind: 'same' }
  | { readonly kind: 'restored' }
  | RefusedFile
  | { readonly kind: 'compiled'; readonly data: (CompiledFile & { readonly ok: true })['data'] };

/** Looks at one file; blocks for as long as the file system, and reading what has changed, take. */
export class FileLook {
  /** State of the file when it was read, where it has told all. */
  private read: string | undefined;
  /** State of the file at the last look. */
  private seen: string | undefined;
  private unrest = 0;
  /** Route tables that the file named when it was read last. */
  private tables: readonly string[] = [];

  /** @param changed told the hash and the text of what is new in the file, before it is checked */
  constructor(
    private readonly file: string,
    private readonly changed: (hash: string, text: string) => void,
  ) {}

  look({ inForce, known, atOnce }: Look): Found {
    const { state, isRacy } = stateOf([this.file, ...this.tables]);
    const isSettled = state === this.seen || this.unrest >= LONGEST_UNREST;
    this.seen = state;
    if (!atOnce && state === this.read) return { kind: 'same' };
    if (!atOnce && !isSettled) {
      this.unrest += 1;
      return { kind: 'same' };
    }
    this.unrest = 0;
    this.read = undefined;
    const sources = readSources(this.file);
    const tables = [...('ok' in sources ? sources.tables : (sources.tables?.keys() ?? []))];
    // Tables that the file has not named before: what they were at this look is not known.
    const isKnown = tables.join('\n') === this.tables.join('\n');
    this.tables = tables;
    if ('ok' in sources) {
      const { problems, count } = sources;
      return { kind: 'refused', problems, count };
    }
    if (!isRacy && isKnown) this.read = state;
    const hash = hashOf(sources);
    if (hash === known) return { kind: 'same' };
    if (hash === inForce) return { kind: 'restored' };
    this.changed(hash, sources.policy.text);
    const compiled = compileFile(sources);
    if (compiled.ok) return { kind: 'compiled', data: compiled.data };
    const { problems, count } = compiled;
    return { kind: 'refused', hash, problems, count };
  }
}

/** What differs whenever one of the paths leads to another file, or a file says something else. */
function stateOf(files: readonly string[]): { readonly state: string; readonly isRacy: boolean } {
  const states = files.map(stateOfFile);
  return {
    state: states.map(({ state }) => state).join(' '),
    isRacy: states.some(({ isRacy }) => isRacy),
  };
}

function stateOfFile(file: string): { readonly state: string; readonly isRacy: boolean } {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs, ctimeMs } = statSync(file, { bigint: true });
    const state = [dev, ino, size, mtimeNs, ctimeNs].join(':');
    return { state, isRacy: Math.abs(Date.now() - Number(ctimeMs)) < RACY_MS };
  } catch (error) {
    return { state: (error as NodeJS.ErrnoException).code ?? '', isRacy: false };
  }
}
