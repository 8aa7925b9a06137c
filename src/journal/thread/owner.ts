// Own lock: packages that lock files tell a dead owner by a timer alone, and a journal has to open at once after kill -9.
import { accessSync, constants, rmSync, statSync, utimesSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { uptime } from 'node:os';
import { dirname } from 'node:path';

/** Longest path of a socket on Linux, with its end. Bytes. */
const LONGEST_PATH = 107;

export interface Owned {
  readonly server: Server;
  /** When the owner before it last had nothing to write. Unix time in milliseconds. */
  readonly aliveAt?: number;
}

/**
 * Makes this process the only one that has the file, until it ends, however it ends.
 * @returns undefined if another process has it
 * @throws Error of the file system
 */
export async function own(file: string): Promise<Owned | undefined> {
  const path = pathOf(file);
  if (Buffer.byteLength(path) > LONGEST_PATH)
    throw new Error(`the path ${file} is too long: Expected at most ${LONGEST_PATH - 6} bytes`);
  // A socket says EACCES also where there is no such folder.
  accessSync(dirname(file), constants.W_OK);
  const server = await listening(path);
  if (server) return { server };
  if (await isAlive(path)) return undefined;
  const before = aliveAt(path);
  rmSync(path, { force: true });
  const again = await listening(path);
  return again && { server: again, ...before };
}

/** Nothing waits to be written: costs less than a row a second in a journal that nothing happens in. */
export function touch(file: string, at: number): void {
  try {
    utimesSync(pathOf(file), at / 1000, at / 1000);
  } catch {
    // A gap begins earlier then than it could.
  }
}

function pathOf(file: string): string {
  return `${file}.owner`;
}

/** Not over a start of the machine: what was written to the file before may not have reached the disk. */
function aliveAt(path: string): { readonly aliveAt?: number } {
  const at = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return at > Date.now() - uptime() * 1000 ? { aliveAt: Math.floor(at) } : {};
}

function listening(path: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    server.listen(path, () => {
      server.unref();
      resolve(server);
    });
  });
}

function isAlive(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
