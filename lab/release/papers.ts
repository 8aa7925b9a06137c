import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { billOf, type BillOfMaterials } from './bill-of-materials';
import { requireLicences, shippedPackages } from './licences';
import { notices, statementsOf } from './notices';
import type { PackageLock } from './package-lock';
import { ran } from './ran';

const SBOM = ['sbom', '--package-lock-only', '--sbom-format=cyclonedx', '--sbom-type=application'];

/** The files that say what comes with crankback. */
export const PAPERS = ['sbom.cdx.json', 'THIRD-PARTY-NOTICES.md'] as const;

/**
 * Writes the bill of materials (CycloneDX) and the third-party notices, for the packages that are inside the bundles.
 * The lock file alone would also list what no bundle takes.
 * @param inside `name@version` of each, as the bundler found it
 * @throws Error naming a package without an accepted licence; naming one inside that is not locked for shipping
 */
export function writePapers(root: string, target: string, inside: ReadonlySet<string>): void {
  const read = (file: string): string => readFileSync(join(root, file), 'utf8');
  const { name } = JSON.parse(read('package.json')) as { name: string };
  const locked = shippedPackages(JSON.parse(read('package-lock.json')) as PackageLock);
  requireLicences(locked);
  const known = new Set(locked.map(({ name, version }) => `${name}@${version}`));
  const stray = [...inside].filter((one) => !known.has(one));
  if (stray.length > 0) throw new Error(`inside, but not locked for shipping: ${stray.join(', ')}`);
  const shipped = locked.filter(({ name, version }) => inside.has(`${name}@${version}`));
  const all = JSON.parse(ran('npm', SBOM, root)) as BillOfMaterials;
  const texts = {
    'sbom.cdx.json': `${JSON.stringify(billOf(all, name, shipped), null, 2)}\n`,
    'THIRD-PARTY-NOTICES.md': notices(shipped, (one) => statementsOf(root, one)),
  } satisfies Record<(typeof PAPERS)[number], string>;
  for (const file of PAPERS) writeFileSync(join(target, file), texts[file]);
}
