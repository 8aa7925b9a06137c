/**
 * A release: notes, checksums, a signature over them, and a tag. Publishes nothing: it ends with files and a tag on this
 * machine, and says what is left to do.
 */
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ran } from '../ran';
import { sectionOf } from './changelog';

/** Of the signature: one for files, as ssh-keygen(1) suggests. */
const NAMESPACE = 'file';
const SUMS = 'SHA256SUMS';

export interface Release {
  /** The project's folder, a git repository. */
  readonly root: string;
  readonly version: string;
  /** Paths of what is released. */
  readonly artefacts: readonly string[];
  /** Is made anew; gets the artefacts, their checksums, the signature and the notes. */
  readonly target: string;
  /** An SSH key that signs checksums and tag; without it a dry run shows both unsigned. */
  readonly key?: string;
  /** Otherwise nothing outside the target is changed. */
  readonly forGood: boolean;
  readonly log: (line: string) => void;
}

/** @throws Error naming everything that stands in the way of a release for good, before anything is changed */
export function release(parts: Release): void {
  const { root, version, artefacts, target, key, forGood, log } = parts;
  const tag = `v${version}`;
  const changelog = readFileSync(join(root, 'CHANGELOG.md'), 'utf8');
  const { notes, date } = sectionOf(changelog, version);
  const git = (...args: readonly string[]): string => ran('git', args, root).trim();
  const obstacles = [
    ...(date === undefined ? [`CHANGELOG.md: [${version}] has no date yet`] : []),
    ...(git('status', '--porcelain') === '' ? [] : ['git: files are changed or new']),
    ...(git('tag', '--list', tag) === '' ? [] : [`git: there is a tag ${tag} already`]),
    ...(key === undefined ? ['--key: no SSH key to sign with'] : []),
  ];
  if (forGood && obstacles.length > 0) throw new Error(obstacles.join('\n'));
  for (const obstacle of obstacles) log(`in the way: ${obstacle}`);

  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  for (const file of artefacts) copyFileSync(file, join(target, basename(file)));
  writeFileSync(join(target, SUMS), sumsOf(artefacts));
  writeFileSync(join(target, 'NOTES.md'), `${notes}\n`);
  if (key !== undefined)
    ran('ssh-keygen', ['-Y', 'sign', '-n', NAMESPACE, '-f', key, SUMS], target);
  log(`in ${target}: ${[...artefacts.map((file) => basename(file)), SUMS, 'NOTES.md'].join(', ')}`);

  const annotate = [
    'tag',
    '--annotate',
    tag,
    '--file',
    join(target, 'NOTES.md'),
    '--cleanup=verbatim',
  ];
  if (!forGood || key === undefined) {
    log(`would: git ${annotate.slice(0, 3).join(' ')}, signed`);
    return;
  }
  git('-c', 'gpg.format=ssh', '-c', `user.signingKey=${key}`, ...annotate, '--sign');
  log(`made the tag ${tag}. Left to do: git push origin ${tag}; publish what is in ${target}`);
}

/** As `sha256sum` writes it, and `sha256sum --check` reads it. */
function sumsOf(files: readonly string[]): string {
  const lines = files.map((file) => {
    const sum = createHash('sha256').update(readFileSync(file)).digest('hex');
    return `${sum}  ${basename(file)}\n`;
  });
  return lines.join('');
}
