import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stagePackage } from '../../lab/release/npm/stage';
import { ran } from '../../lab/release/ran';

const ROOT = join(__dirname, '../..');

/** The npm package, made of the sources and, for its declarations, of the last build. */
export interface Packed {
  /** Outside the project, where none of its packages can be found by chance; remove it afterwards. */
  readonly folder: string;
  /** What was packed, unpacked. */
  readonly staged: string;
  readonly archive: string;
}

/** Makes and packs it. */
export function packed(): Packed {
  const folder = mkdtempSync(join(tmpdir(), 'crankback-package-'));
  const staged = join(folder, 'package');
  stagePackage(ROOT, staged);
  const name = ran('npm', ['pack', '--silent', '--pack-destination', '..'], staged).trim();
  return { folder, staged, archive: join(folder, name) };
}
