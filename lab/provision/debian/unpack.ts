import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from '../paths';
import { run, succeeds } from '../run-command';
import { administratorEnvironment } from './administrator-environment';
import { aptAlone } from './apt-alone';

/**
 * Takes Debian's packages apart into a folder that exists. Nothing is installed: their services would start.
 * Throws where that is not possible.
 */
export async function unpackPackages(names: readonly string[], folder: string): Promise<void> {
  const env = administratorEnvironment();
  const whatToDo = `install ${names[0]}, or see that the apt sources are reachable`;
  if (!(await succeeds(['apt-get', '--version'])))
    throw new Error(`${names[0]} is missing. What to do: install it, or run this on Debian.`);
  // Without lists of packages, as in a container, there is nothing to download from.
  if (!(await succeeds(await aptAlone(['apt-cache', 'show', '--no-all-versions', ...names]))))
    await run(
      await aptAlone(['apt-get', 'update']),
      'run it as root and see that the apt sources are reachable',
    );
  const download = ['apt-get', '-o', 'APT::Sandbox::User=root', 'download', ...names];
  await run(await aptAlone(download), whatToDo, { cwd: folder, env });
  for (const name of await readdir(folder))
    if (name.endsWith('.deb'))
      await run(['dpkg-deb', '-x', join(folder, name), folder], `delete ${cacheFolder}, retry`);
}
