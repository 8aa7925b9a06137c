/** `npm run package:image`: the image `crankback:<version>` of dist/package, with the docker of this machine. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { provision } from '../../provision';
import { debianImage, getBaseImage } from '../../provision/debian/base-image';
import { repositoryRoot } from '../../provision/paths';
import { commitOf } from '../commit';
import type { ProjectManifest } from '../npm/manifest';
import { buildImage } from './build';

/** The oldest Debian whose own Node is new enough. */
const RELEASE = 'trixie';

async function main(): Promise<void> {
  const staged = join(repositoryRoot, 'dist/package');
  const manifest = readFileSync(join(staged, 'package.json'), 'utf8');
  const { version } = JSON.parse(manifest) as ProjectManifest;
  const log = (line: string): void => console.log(line);
  const tools = await provision({ log });
  await getBaseImage(RELEASE, [], log);
  const tag = `crankback:${version}`;
  const commit = commitOf(repositoryRoot);
  const base = debianImage(RELEASE);
  await buildImage(tools, { root: repositoryRoot, staged, tag, version, commit, base });
  console.log(tag);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
