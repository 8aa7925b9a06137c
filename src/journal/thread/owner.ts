// Own lock: packages that lock files tell a dead owner by a timer alone, and a journal has to open at once after kill -9.
import { accessSync, constants, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { dirname } from 'node:path';

/** Longest path of a socket on Linux, with its end. Bytes. */
const LONGEST_PATH = 107;

/**
 * Makes this process the only one that has the file, until it ends, however it ends.
 * @returns undefined if another process has it
 * @throws Error of the file system
 */
export async function own(file: string): Promise<Server | undefined> {
  const path = `${file}.owner`;
  if (Buffer.byteLength(path) > LONGEST_PATH)
    throw new Error(`the path ${file} is too long: Expected at most ${LONGEST_PATH - 6} bytes`);
  // A socket says EACCES also where there is no such folder.
  accessSync(dirname(file), constants.W_OK);
  const server = await listening(path);
  if (server) return server;
  if (await isAlive(path)) return undefined;
  rmSync(path, { force: true });
  return listening(path);
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
