import { createTwoFilesPatch } from 'diff';
import type { FileChange } from './changes';

/** As `diff -u` shows it; empty where nothing differs. Secrets are not shown. */
export function diffOf({ wanted, before, after }: FileChange, secrets: readonly string[]): string {
  if (before === after) return '';
  const patch = createTwoFilesPatch(
    before === undefined ? '/dev/null' : wanted.path,
    wanted.path,
    shown(before ?? ''),
    shown(after),
    undefined,
    undefined,
    { context: 2 },
  );
  const lines = patch.split('\n').filter((line) => !/^(?:=+$|Index: )/.test(line));
  return masked(lines.join('\n').trimEnd(), secrets);
}

function masked(text: string, secrets: readonly string[]): string {
  return secrets
    .filter((one) => one !== '')
    .reduce((left, one) => left.replaceAll(one, '********'), text);
}

function shown(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
