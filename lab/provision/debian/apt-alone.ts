import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from '../paths';

/** Puts off a command of apt until no other suite of the run has one: apt would give up, or find half a list. */
export async function aptAlone(command: readonly string[]): Promise<string[]> {
  await mkdir(cacheFolder, { recursive: true });
  return ['flock', join(cacheFolder, 'apt.lock'), ...command];
}
