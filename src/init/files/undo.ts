import { join } from 'node:path';
import { sha256, type Bytes } from '../changes';
import { blockIn, withoutOurs } from '../block';
import { clearTemporary, replaceFile } from './atomic';
import type { Disk, FileThere } from './disk';
import { readManifest, type Manifest, type ManifestFile, type Places } from './manifest';

/** What becomes of a file. */
export interface Undone {
  readonly path: string;
  /**
   * `restored`: byte for byte as it was; `removed`: there was none; `untouched`: it is as it was; `block-removed`: changed
   * since, and only our lines are taken out; `left`: changed since, and stays as it is.
   */
  readonly what: 'restored' | 'removed' | 'untouched' | 'block-removed' | 'left';
  /** With `left`. */
  readonly why?: string;
}

/** What would be undone; undefined where nothing was written. Reads only. */
export function undoing(disk: Disk, places: Places): readonly Undone[] | undefined {
  return readManifest(disk, places)?.files.map((file) => plan(disk, places, file).undone);
}

/**
 * Undoes what `apply` wrote, also what it did not finish. May be interrupted and called again. Files that are left are
 * forgotten as well: whoever changed them has them now.
 * @returns undefined where nothing was written
 */
export function undo(disk: Disk, places: Places): readonly Undone[] | undefined {
  disk.removeTree(places.unborn);
  disk.removeTree(places.dying);
  const manifest = readManifest(disk, places);
  if (!manifest) return undefined;
  const undone = [...manifest.files].reverse().map((file) => undoFile(disk, places, file));
  removeFolders(disk, places, manifest);
  // Its backups are needed up to here, and a half removed folder would be no manifest.
  disk.rename(places.folder, places.dying);
  disk.removeTree(places.dying);
  return undone.reverse();
}

function undoFile(disk: Disk, places: Places, file: ManifestFile): Undone {
  const path = join(places.root, file.path);
  clearTemporary(disk, path);
  const { undone, there, bytes } = plan(disk, places, file);
  if (undone.what === 'removed') disk.remove(path);
  if (there && bytes !== undefined) replaceFile(disk, path, bytes, there);
  return undone;
}

interface UndoPlan {
  readonly undone: Undone;
  readonly there?: FileThere;
  /** What is to be written. */
  readonly bytes?: Bytes;
}

function plan(disk: Disk, places: Places, file: ManifestFile): UndoPlan {
  const { path, before } = file;
  let there: FileThere | undefined;
  try {
    there = disk.read(join(places.root, path));
  } catch (error) {
    return left(path, (error as Error).message);
  }
  if (!there) {
    return before ? left(path, 'it is gone') : { undone: { path, what: 'untouched' } };
  }
  const hash = sha256(there.bytes);
  if (hash === before?.hash) return { undone: { path, what: 'untouched' } };
  if (!file.written.includes(hash)) return changedSince(file, there);
  if (!before) return { undone: { path, what: 'removed' } };
  const bytes = disk.read(join(places.folder, before.backup))?.bytes;
  if (bytes === undefined || sha256(bytes) !== before.hash) return left(path, 'its backup is gone');
  return { undone: { path, what: 'restored' }, there, bytes };
}

function changedSince({ path, blocks, lineEnd, before }: ManifestFile, there: FileThere): UndoPlan {
  if (blocks.length === 0) return left(path, 'changed since');
  const place = blockIn(there.bytes);
  if (!place) return left(path, 'changed since, and our lines are no longer marked in it');
  if (!blocks.includes(sha256(there.bytes.slice(place.start, place.end))))
    return left(path, 'changed since, also our lines in it');
  const bytes = withoutOurs(there.bytes, lineEnd);
  if (bytes === '' && !before) return { undone: { path, what: 'removed' } };
  return { undone: { path, what: 'block-removed' }, there, bytes };
}

function left(path: string, why: string): UndoPlan {
  return { undone: { path, what: 'left', why } };
}

/** Those that we made, if they are empty, the inner ones first. */
function removeFolders(disk: Disk, { root }: Places, { folders }: Manifest): void {
  for (const folder of [...folders].reverse()) disk.removeFolder(join(root, folder));
}
