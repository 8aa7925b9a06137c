import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const PAGE = readFileSync(join(__dirname, '../../docs/library.md'), 'utf8');

/** The first block of this language in docs/library.md. */
export function ofLibraryPage(language: string): string {
  const found = PAGE.split('```' + language + '\n')[1]?.split('```\n')[0];
  if (found === undefined) throw new Error(`docs/library.md has no block of ${language}`);
  return found;
}
