import {
  chownSync,
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { Bytes } from '../init/changes';
import { replaceFile } from '../init/files/atomic';
import { disk } from '../init/files/disk';
import type { Repair } from './found';

/** How the file before is named. */
export const KEPT = '.before-crankback-doctor';

/**
 * Mends it. A file that is changed is kept beside itself first, once: what was there before the first repair. It is
 * replaced at once, with the owner and the rights that it had. Links are not followed: the PBX's own user may write in
 * these folders, and this may run as root.
 * @param tell gives the PBX a command
 * @throws Error of the file system or the PBX
 */
export async function mend(
  repair: Repair,
  tell: (pbx: string, command: string) => Promise<void>,
): Promise<void> {
  switch (repair.kind) {
    case 'mode':
      return withoutRights(repair.path, repair.mode);
    case 'folder':
      return makeFolder(repair.path);
    case 'line':
      return rewrite(repair.path, (before) => withLine(before, repair));
    case 'copy':
      for (const { from, to } of repair.files)
        rewrite(to, () => readFileSync(from).toString('latin1'));
      return;
    case 'command':
      return tell(repair.pbx, repair.command);
  }
}

/** Only takes away: whatever the file has become meanwhile, nobody may do more with it than before. */
function withoutRights(path: string, mode: number): void {
  const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    fchmodSync(file, fstatSync(file).mode & mode);
  } finally {
    closeSync(file);
  }
}

/** A folder of the service: its own user's, where the Debian package has made one. */
function makeFolder(path: string): void {
  const made = mkdirSync(path, { recursive: true, mode: 0o750 });
  const owner = process.getuid?.() === 0 ? serviceUser() : undefined;
  if (made !== undefined && owner) chownSync(path, owner.uid, owner.gid);
}

function serviceUser(): { readonly uid: number; readonly gid: number } | undefined {
  const [, uid, gid] =
    /^crankback:[^:]*:(\d+):(\d+):/m.exec(readFileSync('/etc/passwd', 'utf8')) ?? [];
  return uid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) };
}

function withLine(
  before: Bytes,
  { line, above }: Pick<Extract<Repair, { kind: 'line' }>, 'line' | 'above'>,
): Bytes {
  const lines = before.split('\n');
  const at = above === undefined ? -1 : lines.findLastIndex((one) => one.trim() === above);
  return at < 0 ? `${before}\n${line}\n` : lines.toSpliced(at, 0, line).join('\n');
}

function rewrite(path: string, changed: (before: Bytes) => Bytes): void {
  const there = disk.read(path);
  const after = changed(there?.bytes ?? '');
  if (there?.bytes === after) return;
  const folder = disk.rightsOfFolder(dirname(path));
  if (!folder) throw new Error(`${dirname(path)}: not there`);
  if (there && !disk.read(path + KEPT)) replaceFile(disk, path + KEPT, there.bytes, there);
  replaceFile(disk, path, after, there ?? { ...folder, mode: 0o644 });
}
