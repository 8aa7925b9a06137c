import { mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { bundle } from '../../lab/release/bundle';

const ROOT = join(__dirname, '../..');
const CACHE = join(ROOT, '.cache');

/**
 * Makes the program of the sources in their present state, as it is shipped.
 * @returns the folder, to be removed afterwards, and the program in it
 */
export function compileMain(): { readonly folder: string; readonly main: string } {
  mkdirSync(CACHE, { recursive: true });
  const folder = mkdtempSync(join(CACHE, 'main-'));
  return { folder, main: bundle(ROOT, folder) };
}
