/** `npm run site`: dist/program/site, where the service serves it under /docs; open its index.html without one. */
import { join } from 'node:path';
import { programFolder, repositoryRoot } from '../../provision/paths';
import { buildSite } from './build';

try {
  buildSite(repositoryRoot, join(programFolder, 'site'));
  console.log('dist/program/site/index.html');
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
