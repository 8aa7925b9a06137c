import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { unpackPackages } from './debian/unpack';
import { isThere } from './find-program';
import { cacheFolder } from './paths';

const HOME = join(cacheFolder, 'rsyslog');
/** What it needs beside what is in every Debian. */
const PACKAGES = ['rsyslog', 'libestr0', 'libfastjson4', 'liblognorm5', 'libcurl4', 'libuuid1'];

/** How to run it as it is in Debian's package, without installing it: no service starts. */
export interface Rsyslog {
  readonly program: string;
  /** Of its modules and libraries. */
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/** Throws where it cannot be had. */
export async function provideRsyslog(): Promise<Rsyslog> {
  const program = join(HOME, 'usr/sbin/rsyslogd');
  if (!(await isThere(program))) await unpack();
  const libraries = join(HOME, 'usr/lib', DEBIAN_TRIPLETS[process.arch] ?? '');
  return {
    program,
    args: ['-M', join(libraries, 'rsyslog')],
    env: { LD_LIBRARY_PATH: libraries },
  };
}

const DEBIAN_TRIPLETS: Readonly<Record<string, string>> = {
  x64: 'x86_64-linux-gnu',
  arm64: 'aarch64-linux-gnu',
};

async function unpack(): Promise<void> {
  await mkdir(cacheFolder, { recursive: true });
  const folder = await mkdtemp(join(cacheFolder, 'rsyslog-'));
  try {
    await unpackPackages(PACKAGES, folder);
    await rm(HOME, { recursive: true, force: true });
    await rename(folder, HOME);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
