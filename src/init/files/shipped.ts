import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PbxName } from '../survey';

/**
 * Names and texts of the dialplan that is shipped for a PBX, wherever crankback is installed; a name may have a folder in it,
 * and comes behind the names without.
 * @throws Error naming where it was looked for
 */
export function shippedDialplan(
  pbx: PbxName,
  here = __dirname,
): readonly (readonly [name: string, text: string])[] {
  const folders = [
    // The Debian package: /usr/lib/crankback/program.
    join(here, '../../../share/crankback', pbx),
    // The npm package, and dist/program.
    ...['..', '../..', '../../..', '../../../..'].map((up) =>
      join(here, up, 'adapters', pbx, 'dialplan'),
    ),
  ];
  for (const folder of folders) {
    const names = filesIn(folder);
    if (names.length > 0)
      return names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]);
  }
  throw new Error(`the dialplan for ${pbx} is in none of ${folders.join(', ')}`);
}

function filesIn(folder: string): readonly string[] {
  try {
    const names = readdirSync(folder, { encoding: 'utf8', recursive: true });
    const files = names.filter((name) => /\.(?:conf|xml)$/.test(name)).sort();
    return [
      ...files.filter((name) => !name.includes('/')),
      ...files.filter((name) => name.includes('/')),
    ];
  } catch {
    return [];
  }
}
