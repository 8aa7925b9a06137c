import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { insideBlock, withoutBlock } from '../block';
import type { ConfigFiles } from '../pbx';

/** Larger files are no configuration. Bytes. */
const LARGEST = 8_000_000;

/** Files below a prefix. Only read, so links are followed. */
export function configFilesIn(root: string): ConfigFiles {
  return {
    read: (path) => {
      const text = textOf(join(root, path));
      return text === undefined ? undefined : withoutBlock(text);
    },
    readOwn: (path) => insideBlock(textOf(join(root, path)) ?? ''),
    list: (folder) => {
      try {
        return readdirSync(join(root, folder)).sort();
      } catch {
        return [];
      }
    },
  };
}

function textOf(path: string): string | undefined {
  try {
    const stat = statSync(path);
    return stat.isFile() && stat.size <= LARGEST ? readFileSync(path, 'utf8') : undefined;
  } catch {
    return undefined;
  }
}
