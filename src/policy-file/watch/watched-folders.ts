import { lstatSync, readlinkSync } from 'node:fs';
import { dirname, isAbsolute, join, parse, resolve } from 'node:path';

/** As in Linux: a longer chain is a loop. */
const MOST_LINKS = 40;

/**
 * Every folder in which a rename can change what this path leads to: the folder of the file, and that of
 * every symbolic link on the way (`policy.yaml` → `..data/policy.yaml`, `..data` → `..2026_01_01`). Never
 * throws: a path that leads nowhere yields the folders up to there.
 */
export function foldersOf(path: string): readonly string[] {
  const folders = new Set<string>([dirname(resolve(path))]);
  let links = 0;
  let pending = partsOf(resolve(path));
  let done = parse(resolve(path)).root;
  while (pending.length > 0) {
    const [step = '', ...rest] = pending;
    const here = join(done, step);
    const target = linkTarget(here);
    if (target === undefined) {
      if (rest.length === 0) folders.add(done);
      done = here;
      pending = rest;
      continue;
    }
    folders.add(done);
    links += 1;
    if (links > MOST_LINKS) break;
    const from = isAbsolute(target) ? target : join(done, target);
    done = parse(from).root;
    pending = [...partsOf(from), ...rest];
  }
  return [...folders];
}

function partsOf(path: string): string[] {
  return path.slice(parse(path).root.length).split('/').filter(Boolean);
}

function linkTarget(path: string): string | undefined {
  try {
    return lstatSync(path).isSymbolicLink() ? readlinkSync(path) : undefined;
  } catch {
    return undefined;
  }
}
