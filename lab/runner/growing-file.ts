import { open, stat } from 'node:fs/promises';

/** Where a file ends now: a place to read on from. Bytes; 0 where there is none. */
export async function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    () => 0,
  );
}

/** What has been appended since that place; empty where there is no file. */
export async function readFrom(file: string, place: number): Promise<string> {
  const handle = await open(file, 'r').catch(() => undefined);
  if (!handle) return '';
  try {
    const { size } = await handle.stat();
    const piece = Buffer.alloc(Math.max(0, size - place));
    await handle.read(piece, 0, piece.length, place);
    return piece.toString('utf8');
  } finally {
    await handle.close();
  }
}
