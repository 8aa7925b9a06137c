import { posix } from 'node:path';
import type { Undone } from './files/undo';
import type { ConfigFiles, PbxReader } from './pbx';
import { isOfService } from './service-files';

/** Our own files of a dialplan, wherever the PBX has them: they lead to each other. */
const OWN = /\/crankback(?:\/|(?:_fallback)?\.xml$)/;
/** Folders below that of the dialplan; deeper ones are no configuration, or a link that leads round and round. */
const DEEPEST = 4;

/**
 * Lines of the user's own dialplan that lead calls to crankback's, where that is about to be removed: such calls would fail.
 * @param files paths as in `planned`
 * @returns `/etc/asterisk/extensions.conf:5`, in the order of the files
 */
export function stillLeading(
  files: ConfigFiles,
  readers: readonly PbxReader[],
  planned: readonly Undone[],
): readonly string[] {
  const removed = planned.filter(
    ({ path, what }) => what === 'removed' && OWN.test(path) && !isOfService(path),
  );
  const folders = new Set(removed.map(({ path }) => folderOf(path)));
  const afterwards = new Set(
    planned.filter(({ what }) => what === 'removed' || what === 'restored').map((one) => one.path),
  );
  const paths = [...folders].flatMap((folder) => below(files, folder, DEEPEST));
  return [...new Set(paths)]
    .filter((path) => !afterwards.has(path) && !OWN.test(path))
    .flatMap((path) => {
      const text = files.read(path) ?? '';
      const lines = readers.flatMap((one) => one.linesToUs(path, text));
      return lines.map((line) => `${path}:${line}`);
    });
}

/** Of the dialplan, of which ours is a part or has a folder of its own in it. */
function folderOf(path: string): string {
  const folder = posix.dirname(path);
  return posix.basename(folder) === 'crankback' ? posix.dirname(folder) : folder;
}

function below(files: ConfigFiles, folder: string, depth: number): readonly string[] {
  if (depth === 0) return [];
  return files.list(folder).flatMap((name) => {
    const path = posix.join(folder, name);
    return posix.extname(name) === '' || files.list(path).length > 0
      ? below(files, path, depth - 1)
      : [path];
  });
}
