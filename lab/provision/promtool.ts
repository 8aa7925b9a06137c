import { chmod, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { administratorEnvironment } from './debian/administrator-environment';
import { findProgram } from './find-program';
import { cacheFolder } from './paths';
import { run, succeeds } from './run-command';

/** The other tools' folder is one of plugins for docker. */
const HOME = join(cacheFolder, 'prometheus');

/**
 * The path of Prometheus' own checker. Where there is none it is taken out of Debian's package of Prometheus, which is
 * not installed: it would start a service and bring a web interface. Throws if that is not possible.
 */
export async function providePromtool(): Promise<string> {
  const found = await findProgram(['promtool'], [HOME]);
  if (found !== undefined) return found;
  if (!(await succeeds(['apt-get', '--version'])))
    throw new Error('promtool is missing. What to do: install Prometheus, or run this on Debian.');
  return unpack();
}

async function unpack(): Promise<string> {
  await mkdir(HOME, { recursive: true });
  const folder = await mkdtemp(join(cacheFolder, 'promtool-'));
  try {
    const env = administratorEnvironment();
    const download = ['apt-get', '-o', 'APT::Sandbox::User=root', 'download', 'prometheus'];
    // Without lists of packages, as in a container, there is nothing to download from.
    if (!(await succeeds(['apt-cache', 'show', '--no-all-versions', 'prometheus'])))
      await run(['apt-get', 'update'], 'run it as root and see that the apt sources are reachable');
    await run(download, 'install prometheus, or see that the apt sources are reachable', {
      ...{ cwd: folder, env },
    });
    const [archive = ''] = (await readdir(folder)).filter((name) => name.endsWith('.deb'));
    await run(['dpkg-deb', '-x', join(folder, archive), folder], `delete ${cacheFolder}, retry`);
    const path = join(HOME, 'promtool');
    await chmod(join(folder, 'usr/bin/promtool'), 0o755);
    await rename(join(folder, 'usr/bin/promtool'), path);
    return path;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
