import { join } from 'node:path';
import * as z from 'zod';
import type { Disk } from './disk';

/**
 * What `crankback init` has written, and what was there before. Not in the service's own state folder: who may write there
 * could tell `crankback uninstall` to write anything anywhere, as root.
 */
export const MANIFEST_FOLDER = '/var/lib/crankback-init';
const NAME = 'manifest.json';

const hash = z.string().regex(/^[0-9a-f]{64}$/);
/** No `..`, so that every entry is below the root. */
const path = z.string().regex(/^\/(?!.*(?:^|\/)\.\.(?:\/|$)).+$/);

const manifestSchema = z.strictObject({
  version: z.literal(1),
  /** Whose files are among them. */
  pbxes: z.array(z.enum(['asterisk', 'freeswitch'])),
  /** Folders that were made, the outer ones first. */
  folders: z.array(path),
  files: z.array(
    z.strictObject({
      path,
      /** Absent: there was no such file. */
      before: z.strictObject({ hash, backup: z.string().regex(/^[0-9]{4}$/) }).optional(),
      /** SHA-256 of all that we ever wrote there, the latest last. */
      written: z.array(hash),
      /** SHA-256 of the blocks in them; empty: the file is ours as a whole. */
      blocks: z.array(hash),
      /** A line break was added before the block. */
      lineEnd: z.boolean(),
    }),
  ),
});

export type Manifest = z.infer<typeof manifestSchema>;
export type ManifestFile = Manifest['files'][number];

export const NO_MANIFEST: Manifest = { version: 1, pbxes: [], folders: [], files: [] };

/** Where things are on this disk. `root` is the prefix of `--root`, without a slash at its end. */
export interface Places {
  readonly root: string;
  readonly folder: string;
  /** The folder while it is made for the first time. */
  readonly unborn: string;
  readonly manifest: string;
  /** The folder while it is removed. */
  readonly dying: string;
}

export function placesIn(root: string): Places {
  const folder = join(root, MANIFEST_FOLDER);
  return {
    root,
    folder,
    unborn: `${folder}.new`,
    manifest: join(folder, NAME),
    dying: `${folder}.old`,
  };
}

/**
 * The manifest; undefined where nothing was written.
 * @throws Error where it is not to be trusted: somebody else may write there, or it is none
 */
export function readManifest(disk: Disk, { folder, manifest }: Places): Manifest | undefined {
  const rights = disk.rightsOfFolder(folder);
  if (!rights) return undefined;
  const file = disk.read(manifest);
  if (!file) throw new Error(`${manifest}: missing, so what was written cannot be told`);
  const me = process.getuid?.();
  if ([rights, file].some(({ mode, uid }) => (mode & 0o022) !== 0 || (uid !== me && uid !== 0))) {
    throw new Error(`${folder}: others than root may write there, so it is not believed`);
  }
  const text = Buffer.from(file.bytes, 'latin1').toString('utf8');
  try {
    return manifestSchema.parse(JSON.parse(text));
  } catch {
    throw new Error(`${manifest}: not a manifest of crankback init`);
  }
}

export function manifestBytes(manifest: Manifest): string {
  return Buffer.from(`${JSON.stringify(manifest, undefined, 2)}\n`).toString('latin1');
}
