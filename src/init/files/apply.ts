import { dirname, join } from 'node:path';
import { needsLineEnd, withoutOurs } from '../block';
import { blockHash, sha256, type Bytes, type FileChange, type KnownFile } from '../changes';
import type { PbxName } from '../survey';
import { clearTemporary, replaceFile } from './atomic';
import type { Disk, Rights } from './disk';
import { manifestBytes, NO_MANIFEST, readManifest } from './manifest';
import type { Manifest, ManifestFile, Places } from './manifest';

const OWN: Pick<Rights, 'mode'> = { mode: 0o700 };

/** What earlier runs wrote, by path; nothing is known of other files. */
export function knownFiles(disk: Disk, places: Places): ReadonlyMap<string, KnownFile> {
  return new Map(readManifest(disk, places)?.files.map((file) => [file.path, file]));
}

/**
 * Writes changes. First of all the manifest says what will be written and the backups are there, so that whatever is
 * interrupted can be undone by `undo`, and finished by the next run.
 * @throws Error of the file system; of a file that has been changed since it was read
 */
export function apply(
  disk: Disk,
  places: Places,
  pbx: PbxName,
  changes: readonly FileChange[],
): void {
  const due = changes.filter(({ what }) => what === 'new' || what === 'changed');
  if (due.length === 0) return;
  const before = readManifest(disk, places);
  const folders = missingFolders(disk, places, due);
  const { manifest, backups } = entered(before ?? NO_MANIFEST, pbx, folders, due);
  keep(disk, places, { manifest, backups, isFirst: before === undefined });
  for (const folder of folders) {
    disk.makeFolder(join(places.root, folder), folderRights(disk, join(places.root, folder)));
  }
  for (const change of due) write(disk, places, change);
}

function write(disk: Disk, { root }: Places, { wanted, before, after }: FileChange): void {
  const path = join(root, wanted.path);
  const there = disk.read(path);
  if (there?.bytes !== before) throw new Error(`${path}: changed meanwhile, so it is left alone`);
  replaceFile(disk, path, after, there ?? { ...ownerBeside(disk, path), mode: wanted.mode });
}

/** What is put away, so that it can be brought back. */
interface Backup {
  readonly backup: string;
  readonly bytes: Bytes;
}

/** The manifest with what will be written, and the backups that it needs beside those that are there. */
function entered(
  { files, folders, pbxes }: Manifest,
  pbx: PbxName,
  made: readonly string[],
  due: readonly FileChange[],
): { readonly manifest: Manifest; readonly backups: readonly Backup[] } {
  const entries = new Map(files.map((file) => [file.path, file]));
  const backups: Backup[] = [];
  let last = Math.max(0, ...files.map(({ before }) => Number(before?.backup ?? 0)));
  for (const change of due) {
    const { path } = change.wanted;
    const known = entries.get(path);
    const first = known && isAsWeKnow(known, change.before) ? known : undefined;
    const baseline = first ? undefined : baselineOf(change.before, known);
    let before = first?.before;
    if (baseline !== undefined) {
      last += 1;
      const backup = String(last).padStart(4, '0');
      backups.push({ backup, bytes: baseline });
      before = { hash: sha256(baseline), backup };
    }
    entries.set(path, entryOf(change, { known, first, before, baseline }));
  }
  const manifest: Manifest = {
    version: 1,
    pbxes: [...new Set([...pbxes, pbx])],
    folders: [...new Set([...folders, ...made])],
    files: [...entries.values()],
  };
  return { manifest, backups };
}

/** Whether it is as we found it, or as we left it. */
function isAsWeKnow({ before, written }: ManifestFile, now: Bytes | undefined): boolean {
  if (now === undefined) return before === undefined;
  const hash = sha256(now);
  return hash === before?.hash || written.includes(hash);
}

/** What `undo` brings back: what is there now, without what is ours. Undefined: nothing is there. */
function baselineOf(now: Bytes | undefined, known: ManifestFile | undefined): Bytes | undefined {
  return now === undefined ? undefined : withoutOurs(now, known?.lineEnd ?? false);
}

function entryOf(
  { wanted, before: now, after }: FileChange,
  {
    known,
    first,
    before,
    baseline,
  }: {
    readonly known: ManifestFile | undefined;
    readonly first: ManifestFile | undefined;
    readonly before: ManifestFile['before'];
    readonly baseline: Bytes | undefined;
  },
): ManifestFile {
  const block = blockHash(wanted);
  const written = (first?.written ?? []).filter((one) => one !== sha256(after));
  const original = baseline ?? now ?? '';
  return {
    path: wanted.path,
    ...(before && { before }),
    written: [...written, sha256(after)],
    blocks: [...new Set([...(known?.blocks ?? []), ...(block === undefined ? [] : [block])])],
    lineEnd: first?.lineEnd ?? (needsLineEnd(original) && after.startsWith(`${original}\n`)),
  };
}

function keep(
  disk: Disk,
  places: Places,
  {
    manifest,
    backups,
    isFirst,
  }: {
    readonly manifest: Manifest;
    readonly backups: readonly Backup[];
    readonly isFirst: boolean;
  },
): void {
  const mine = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  const file = { ...mine, mode: 0o600 };
  if (isFirst) {
    const around = dirname(places.folder);
    if (!disk.rightsOfFolder(around)) {
      throw new Error(`${around}: missing, and what is written is noted there; make it first`);
    }
    disk.removeTree(places.unborn);
    disk.makeFolder(places.unborn, { ...mine, ...OWN });
    for (const { backup, bytes } of backups) disk.create(join(places.unborn, backup), bytes, file);
    disk.create(join(places.unborn, 'manifest.json'), manifestBytes(manifest), file);
    disk.rename(places.unborn, places.folder);
    return;
  }
  for (const { backup, bytes } of backups) {
    const path = join(places.folder, backup);
    if (disk.read(path)) disk.remove(path);
    disk.create(path, bytes, file);
  }
  clearTemporary(disk, places.manifest);
  replaceFile(disk, places.manifest, manifestBytes(manifest), file);
}

/** The outer ones first. */
function missingFolders(
  disk: Disk,
  { root }: Places,
  due: readonly FileChange[],
): readonly string[] {
  const missing = new Set<string>();
  const look = (folder: string): void => {
    if (folder === '/' || missing.has(folder) || disk.rightsOfFolder(join(root, folder))) return;
    look(dirname(folder));
    missing.add(folder);
  };
  for (const { wanted } of due) look(dirname(wanted.path));
  return [...missing];
}

function folderRights(disk: Disk, path: string): Rights {
  const around = disk.rightsOfFolder(dirname(path));
  if (!around) throw new Error(`${dirname(path)}: not there`);
  return { ...around, mode: (around.mode & 0o777) | 0o700 };
}

/** Whoever owns the folder owns a new file in it: the PBX's own user may then read it. */
function ownerBeside(disk: Disk, path: string): Pick<Rights, 'uid' | 'gid'> {
  const folder = disk.rightsOfFolder(dirname(path));
  if (!folder) throw new Error(`${dirname(path)}: not there`);
  return folder;
}
