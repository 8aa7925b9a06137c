import { closeSync, openSync, readSync } from 'node:fs';

const CHUNK = 64 * 1024;

/** The input has more bytes than anybody reads. */
export class TooLarge extends Error {
  override readonly name = 'TooLarge';
}

/**
 * All bytes of a file, a pipe or, as `-`, of standard input; never more than the limit.
 * @throws TooLarge beyond `limit` bytes
 * @throws Error of Node with errno
 */
export async function readInput(path: string, limit: number): Promise<Buffer> {
  return path === '-' ? readStandardInput(limit) : readFile(path, limit);
}

async function readStandardInput(limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw new TooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function readFile(path: string, limit: number): Buffer {
  const file = openSync(path, 'r');
  try {
    const chunks: Buffer[] = [];
    for (let size = 0; size <= limit;) {
      const chunk = Buffer.allocUnsafe(CHUNK);
      const read = readSync(file, chunk);
      if (read === 0) return Buffer.concat(chunks);
      chunks.push(chunk.subarray(0, read));
      size += read;
    }
    throw new TooLarge();
  } finally {
    closeSync(file);
  }
}
