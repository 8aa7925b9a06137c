import { chmod, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { unpackPackages } from './debian/unpack';
import { findProgram } from './find-program';
import { cacheFolder } from './paths';

/** The other tools' folder is one of plugins for docker. */
const HOME = join(cacheFolder, 'prometheus');

/**
 * The path of Prometheus' own checker. Where there is none it is taken out of Debian's package of Prometheus, which is
 * not installed: it would start a service and bring a web interface. Throws if that is not possible.
 */
export async function providePromtool(): Promise<string> {
  const found = await findProgram(['promtool'], [HOME]);
  if (found !== undefined) return found;
  return unpack();
}

async function unpack(): Promise<string> {
  await mkdir(HOME, { recursive: true });
  const folder = await mkdtemp(join(cacheFolder, 'promtool-'));
  try {
    await unpackPackages(['prometheus'], folder);
    const path = join(HOME, 'promtool');
    await chmod(join(folder, 'usr/bin/promtool'), 0o755);
    await rename(join(folder, 'usr/bin/promtool'), path);
    return path;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
