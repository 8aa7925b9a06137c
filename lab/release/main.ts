/**
 * `npm run sbom`: writes dist/sbom.cdx.json (CycloneDX) and dist/THIRD-PARTY-NOTICES.md, for the packages that an
 * installation without development packages has. Needs no registry.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../provision/paths';
import type { PackageLock } from './package-lock';
import { billOf, type BillOfMaterials } from './bill-of-materials';
import { requireLicences, shippedPackages } from './licences';
import { notices, statementsOf } from './notices';

const SBOM = ['sbom', '--package-lock-only', '--sbom-format=cyclonedx', '--sbom-type=application'];

function main(): void {
  const read = (file: string): string => readFileSync(join(repositoryRoot, file), 'utf8');
  const lock = JSON.parse(read('package-lock.json')) as PackageLock;
  const { name } = JSON.parse(read('package.json')) as { name: string };
  const shipped = shippedPackages(lock);
  requireLicences(shipped);
  write('sbom.cdx.json', `${JSON.stringify(billOf(billOfNpm(), name, shipped), null, 2)}\n`);
  write(
    'THIRD-PARTY-NOTICES.md',
    notices(shipped, (one) => statementsOf(repositoryRoot, one)),
  );
}

/** @throws Error with npm's own words */
function billOfNpm(): BillOfMaterials {
  const { status, stdout, stderr, error } = spawnSync('npm', SBOM, {
    cwd: repositoryRoot,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`npm sbom: ${stderr}`);
  return JSON.parse(stdout) as BillOfMaterials;
}

function write(file: string, text: string): void {
  writeFileSync(join(repositoryRoot, 'dist', file), text);
  console.log(`dist/${file}`);
}

try {
  main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
