/** `npm run package`: dist/package and, packed, dist/crankback-<version>.tgz. Needs no registry. */
import { join } from 'node:path';
import { repositoryRoot } from '../../provision/paths';
import { ran } from '../ran';
import { stagePackage } from './stage';

try {
  const target = join(repositoryRoot, 'dist/package');
  stagePackage(repositoryRoot, target);
  const packed = ran('npm', ['pack', '--silent', '--pack-destination', '..'], target);
  console.log(`dist/${packed.trim()}`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
