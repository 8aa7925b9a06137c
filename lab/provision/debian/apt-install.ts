import { administratorEnvironment } from './administrator-environment';
import { aptAlone } from './apt-alone';
import { run, succeeds } from '../run-command';

/** Installs packages on this machine; packages of the second list only if apt knows them. */
export async function aptInstall(
  packages: readonly string[],
  whereTheyExist: readonly string[] = [],
): Promise<void> {
  const env = { ...administratorEnvironment(), DEBIAN_FRONTEND: 'noninteractive' };
  const update = await aptAlone(['apt-get', 'update']);
  await run(update, 'run it as root and see that the apt sources are reachable', { env });
  const known = await Promise.all(whereTheyExist.map((name) => hasCandidate(name)));
  const wanted = [...packages, ...whereTheyExist.filter((_, index) => known[index])];
  if (wanted.length === 0) return;
  await run(
    await aptAlone(['apt-get', 'install', '-y', '--no-install-recommends', ...wanted]),
    'run it by hand as root to see what is in the way',
    { env },
  );
}

async function hasCandidate(name: string): Promise<boolean> {
  // Unlike `apt-cache policy`, this fails for a name that only other packages mention.
  return succeeds(await aptAlone(['apt-cache', 'show', '--no-all-versions', name]));
}
