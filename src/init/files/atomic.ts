import type { Bytes } from '../changes';
import type { Disk, Rights } from './disk';

/** Of a file that is being written; no PBX reads names that end so. Known beforehand, so that it can be cleared away. */
const TEMPORARY = '.crankback-new';

export function temporaryOf(path: string): string {
  return `${path}${TEMPORARY}`;
}

/** The whole file at once: whoever reads it has the one before or the one after. */
export function replaceFile(disk: Disk, path: string, bytes: Bytes, rights: Rights): void {
  clearTemporary(disk, path);
  disk.create(temporaryOf(path), bytes, rights);
  disk.rename(temporaryOf(path), path);
}

/** What an interrupted run left beside the file. */
export function clearTemporary(disk: Disk, path: string): void {
  const temporary = temporaryOf(path);
  if (disk.read(temporary)) disk.remove(temporary);
}
