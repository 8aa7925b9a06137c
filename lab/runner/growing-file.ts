import { open, stat } from 'node:fs/promises';

/** Present end of a file, to read on from there later. Bytes; 0 if there is no file. */
export async function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    () => 0,
  );
}

/** Text appended since that place; empty if there is no file. */
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
