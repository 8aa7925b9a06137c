// Own code: what makes such files (generate-license-file, license-checker-rseidelsohn) needs a newer Node than we
// support, and guesses where a package states no licence.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Shipped } from './licences';

const LICENCE_FILE = /^(?:licen[cs]e|copying|notice)/i;

/** Name and text of each file in which a package states its licence. */
export interface Statement {
  readonly file: string;
  readonly text: string;
}

/** What a package's folder says of its licence; empty if nothing does but its `license` field. */
export function statementsOf(root: string, { path, stated }: Shipped): readonly Statement[] {
  const folder = join(root, path);
  const files = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && LICENCE_FILE.test(entry.name))
    .map(({ name }) => name);
  if (stated !== undefined && stated !== 'package.json' && !files.includes(stated))
    files.push(stated);
  return files.map((file) => ({ file, text: readFileSync(join(folder, file), 'utf8') }));
}

/** THIRD-PARTY-NOTICES.md: every shipped package with its licence and its own words about it. */
export function notices(
  shipped: readonly Shipped[],
  statements: (one: Shipped) => readonly Statement[],
): string {
  const sections = shipped.map((one) => {
    const { name, version, licence = 'unknown' } = one;
    const texts = statements(one).map(({ file, text }) => `\n${file}:\n\n${indented(text)}\n`);
    return `## ${name} ${version}\n\nLicence: ${licence}\n${texts.join('')}`;
  });
  return [
    '# Third-party notices\n\ncrankback comes with these packages. Each is under its own licence.\n',
    ...sections,
  ].join('\n');
}

/** As code: a licence's own stars and hashes stay what they are. */
function indented(text: string): string {
  return text
    .replace(/^\ufeff/, '')
    .trimEnd()
    .split(/\r?\n/)
    .map((line) => `    ${line}`.trimEnd())
    .join('\n');
}
