/**
 * `npm run sbom`: writes dist/sbom.cdx.json (CycloneDX) and dist/THIRD-PARTY-NOTICES.md, for the packages inside the
 * program. Needs no registry.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { programFolder, repositoryRoot } from '../provision/paths';
import { PAPERS, writePapers } from './papers';

try {
  const inside = readFileSync(join(programFolder, 'packages.json'), 'utf8');
  const dist = join(repositoryRoot, 'dist');
  writePapers(repositoryRoot, dist, new Set(JSON.parse(inside) as string[]));
  for (const file of PAPERS) console.log(`dist/${file}`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
