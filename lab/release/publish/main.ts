/** `npm run release`: a dry run; `npm run release -- --for-good --key ~/.ssh/release` makes the tag. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { repositoryRoot } from '../../provision/paths';
import type { ProjectManifest } from '../npm/manifest';
import { release } from './release';

const options = new Command('release')
  .description('Notes, checksums, signature and tag of a release; publishes nothing.')
  .option('--key <file>', 'SSH key that signs checksums and tag')
  .option('--for-good', 'make the tag; without it nothing outside dist/release is changed', false)
  .parse()
  .opts<{ key?: string; forGood: boolean }>();

try {
  const dist = join(repositoryRoot, 'dist');
  const manifest = readFileSync(join(repositoryRoot, 'package.json'), 'utf8');
  const { name, version } = JSON.parse(manifest) as ProjectManifest;
  release({
    root: repositoryRoot,
    version,
    artefacts: [
      join(dist, `${name}-${version}.tgz`),
      join(dist, `${name}_${version}_all.deb`),
      join(dist, 'package/sbom.cdx.json'),
    ],
    target: join(dist, 'release'),
    ...options,
    log: (line) => console.log(line),
  });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
