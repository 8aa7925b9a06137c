import { posix } from 'node:path';
import { insideBlock, withoutBlock } from '../../src/init/block';
import type { ConfigFiles } from '../../src/init/pbx';

/** Configuration files by their paths, without a disk. */
export function configTree(texts: Readonly<Record<string, string>>): ConfigFiles {
  return {
    read: (path) => (texts[path] === undefined ? undefined : withoutBlock(texts[path])),
    readOwn: (path) => insideBlock(texts[path] ?? ''),
    list: (folder) =>
      Object.keys(texts)
        .filter((path) => posix.dirname(path) === folder)
        .map((path) => posix.basename(path))
        .sort(),
  };
}
