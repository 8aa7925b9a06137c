import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';

/** A policy of 100,000 routes with a rule each has 13 MB; reading far more would take all memory. Bytes. */
export const LARGEST_FILE = 32 * 1024 * 1024;
/** A route table of a million rows; all else in it is ignored. Bytes. */
export const LARGEST_TABLE = 128 * 1024 * 1024;
const CHUNK = 64 * 1024;

/** What is there instead of a plain file that can be read, as a sentence without its full stop. */
export class NoPlainFile extends Error {
  override readonly name = 'NoPlainFile';
}

/**
 * All bytes of a plain file. Blocks; never on a FIFO, a device or a socket, and never for more than the limit.
 * @throws NoPlainFile for anything else than a plain file, and for one that is too large
 * @throws Error of Node with errno, its meaning and the path
 */
export function readPlainFile(path: string, largest = LARGEST_FILE): Buffer {
  const file = openWithoutWaiting(path);
  try {
    const stats = fstatSync(file);
    const kind = otherKind(stats);
    if (kind !== undefined) throw new NoPlainFile(`${kind}, not a plain file`);
    if (stats.size > largest) throw tooLarge(largest);
    const chunks: Buffer[] = [];
    // Some file systems say 0 of every file, so the end is where nothing more comes.
    for (let size = 0; size <= largest;) {
      const chunk = Buffer.allocUnsafe(CHUNK);
      const read = readSync(file, chunk);
      if (read === 0) return Buffer.concat(chunks);
      chunks.push(chunk.subarray(0, read));
      size += read;
    }
    throw tooLarge(largest);
  } finally {
    closeSync(file);
  }
}

function openWithoutWaiting(path: string): number {
  try {
    // Opening a FIFO otherwise waits for a writer, for ever, and opening a terminal may take it over.
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENXIO') throw error;
    throw new NoPlainFile('a socket or a device, not a plain file');
  }
}

/** What it is, where it is no plain file. Reading a directory fails by itself. */
function otherKind(stats: Stats): string | undefined {
  if (stats.isFile() || stats.isDirectory()) return undefined;
  return stats.isFIFO() ? 'a FIFO' : 'a device';
}

function tooLarge(largest: number): NoPlainFile {
  return new NoPlainFile(`larger than ${largest / 1024 / 1024} MiB`);
}
