/**
 * `npm run package:debian`: dist/crankback_<version>_all.deb, from dist/package. Installs debhelper where it is missing,
 * as root on a Debian machine.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { aptInstall } from '../../provision/debian/apt-install';
import { repositoryRoot } from '../../provision/paths';
import { succeeds } from '../../provision/run-command';
import type { ProjectManifest } from '../npm/manifest';
import { dateOf } from '../commit';
import { buildDebian } from './build';

async function main(): Promise<void> {
  if (!(await succeeds(['dh', '--version']))) await aptInstall(['debhelper']);
  const staged = join(repositoryRoot, 'dist/package');
  const { version } = JSON.parse(
    readFileSync(join(staged, 'package.json'), 'utf8'),
  ) as ProjectManifest;
  const made = buildDebian({
    root: repositoryRoot,
    staged,
    folder: join(repositoryRoot, 'dist/debian'),
    version,
    date: dateOf(repositoryRoot),
    env: process.env,
  });
  console.log(made.slice(repositoryRoot.length + 1));
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
