/**
 * Whole files, so that a reader finds the old one or the new one. `write-file-atomic` does not sync the folder,
 * without which a new name is lost with the power.
 */
import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A file of ten thousand holds is a fifth of it. Bytes. */
const LARGEST = 16 * 1024 * 1024;

/** What keeping a file asks of a disk; each rejects where the disk refuses. */
export interface Files {
  /** Undefined where there is none. Rejects for what is no plain file, and for one that is too large. */
  read(path: string): Promise<string | undefined>;
  /** Puts a new file in the place of the old one, as a whole. */
  replace(path: string, text: string): Promise<void>;
  /** Renames a file that cannot be used. Resolves to its new path. */
  setAside(path: string): Promise<string>;
}

export const FILES: Files = {
  async read(path) {
    try {
      const found = await stat(path);
      // Opening a named pipe would wait for ever.
      if (!found.isFile()) throw new Error('not a plain file');
      if (found.size > LARGEST) throw new Error(`larger than ${LARGEST} bytes`);
      return await readFile(path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  },

  async replace(path, text) {
    const made = `${path}.${process.pid}.tmp`;
    try {
      // Left by a process of the same number that was killed while it wrote.
      await rm(made, { force: true });
      const file = await open(made, 'wx', 0o640);
      try {
        await file.writeFile(text);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(made, path);
    } catch (error) {
      await rm(made, { force: true }).catch(() => undefined);
      throw error;
    }
    await syncFolder(dirname(path));
  },

  async setAside(path) {
    const aside = `${path}.bad`;
    await rename(path, aside);
    return aside;
  },
};

/** Where a file system cannot sync a folder, the file itself is written all the same. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => undefined);
  await folder?.sync().catch(() => undefined);
  await folder?.close().catch(() => undefined);
}
