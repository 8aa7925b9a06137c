import { join } from 'node:path';
import { repositoryRoot } from '../provision/paths';

/** The page that the suite writes its figures into. */
export const docsFile = join(repositoryRoot, 'docs', 'faults.md');

/**
 * Replaces what stands between the marks of a command.
 * @throws if the page has no such marks
 */
export function replaceGenerated(page: string, command: string, text: string): string {
  const [begin, end] = [`<!-- begin: ${command} -->`, `<!-- end: ${command} -->`];
  const [before, rest] = page.split(`${begin}\n`);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`no ${begin} … ${end}`);
  return `${before}${begin}\n\n${text}\n\n${end}${after}`;
}
