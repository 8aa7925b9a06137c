import { cpSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { transformFileSync } from '@swc/core';

const ROOT = join(__dirname, '../..');
/** Inside the project, where its packages are found. */
const CACHE = join(ROOT, '.cache');

/**
 * Compiles the program in its present state, so that no test depends on a build.
 * @returns the folder, to be removed afterwards, and the program in it
 */
export function compileMain(): { readonly folder: string; readonly main: string } {
  mkdirSync(CACHE, { recursive: true });
  const folder = mkdtempSync(join(CACHE, 'main-'));
  for (const part of ['src', 'adapters']) {
    for (const file of readdirSync(join(ROOT, part), { recursive: true, encoding: 'utf8' })) {
      if (/\.(json|yaml|lua)$/.test(file)) cpSync(join(ROOT, part, file), join(folder, part, file));
      if (!file.endsWith('.ts') || file.endsWith('.d.ts')) continue;
      const { code } = transformFileSync(join(ROOT, part, file), {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
        module: { type: 'commonjs' },
      });
      const made = join(folder, part, file.replace(/\.ts$/, '.js'));
      mkdirSync(dirname(made), { recursive: true });
      writeFileSync(made, code);
    }
  }
  return { folder, main: join(folder, 'src/main.js') };
}
