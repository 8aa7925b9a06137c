import {
  chmodSync,
  chownSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import type { Bytes } from '../changes';

/** Whose a file is and who may do what. */
export interface Rights {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

export interface FileThere extends Rights {
  readonly bytes: Bytes;
}

/** The few things that are done to files, one step each: after any of them the machine may stop. Paths are real ones. */
export interface Disk {
  /** Undefined where there is nothing. Throws what is no plain file, such as a link. */
  readonly read: (path: string) => FileThere | undefined;
  readonly rightsOfFolder: (path: string) => Rights | undefined;
  readonly list: (path: string) => readonly string[];
  /** A new file, on the disk when this returns. Throws where there is one. */
  readonly create: (path: string, bytes: Bytes, rights: Rights) => void;
  readonly rename: (from: string, to: string) => void;
  readonly remove: (path: string) => void;
  readonly makeFolder: (path: string, rights: Rights) => void;
  /** Where it is empty; else nothing. */
  readonly removeFolder: (path: string) => void;
  readonly removeTree: (path: string) => void;
}

export const disk: Disk = {
  read(path) {
    let file: number;
    try {
      // A link in a folder of the PBX's own user could lead anywhere, and this may run as root.
      file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
      if (code === 'ELOOP') throw new Error(`${path}: a link, and links are not followed`);
      throw error;
    }
    try {
      const stat = fstatSync(file);
      if (!stat.isFile()) throw new Error(`${path}: not a plain file`);
      const bytes = readFileSync(file).toString('latin1');
      return { bytes, mode: stat.mode & 0o7777, uid: stat.uid, gid: stat.gid };
    } finally {
      closeSync(file);
    }
  },

  rightsOfFolder(path) {
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (!stat) return undefined;
    return { mode: stat.mode & 0o7777, uid: stat.uid, gid: stat.gid };
  },

  list(path) {
    try {
      return readdirSync(path).sort();
    } catch {
      return [];
    }
  },

  create(path, bytes, { mode, uid, gid }) {
    const file = openSync(path, 'wx', 0o600);
    try {
      const whole = Buffer.from(bytes, 'latin1');
      for (let written = 0; written < whole.length;) {
        written += writeSync(file, whole, written);
      }
      const now = fstatSync(file);
      if (now.uid !== uid || now.gid !== gid) fchownSync(file, uid, gid);
      fchmodSync(file, mode);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  },

  rename: renameSync,
  remove: unlinkSync,

  makeFolder(path, { mode, uid, gid }) {
    mkdirSync(path, 0o700);
    const now = lstatSync(path);
    if (now.uid !== uid || now.gid !== gid) chownSync(path, uid, gid);
    chmodSync(path, mode);
  },

  removeFolder(path) {
    try {
      rmdirSync(path);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'ENOTEMPTY' && code !== 'ENOENT' && code !== 'EEXIST') throw error;
    }
  },

  removeTree(path) {
    rmSync(path, { recursive: true, force: true });
  },
};
