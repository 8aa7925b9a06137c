import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commitOf, UNKNOWN_COMMIT } from '../../../../lab/release/commit';

let folder: string;

beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'crankback-commit-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function git(...args: readonly string[]): string {
  const own = ['-c', 'user.name=test', '-c', 'user.email=test@example.net'];
  return execFileSync('git', [...own, ...args], { cwd: folder, encoding: 'utf8' }).trim();
}

function committed(): string {
  writeFileSync(join(folder, 'package.json'), '{}');
  git('init', '--quiet');
  git('add', 'package.json');
  git('commit', '--quiet', '--message', 'first');
  return git('rev-parse', '--short', 'HEAD');
}

describe('the commit of a build', () => {
  it('is the one that was checked out', () => {
    const commit = committed();
    expect(commitOf(folder)).toBe(commit);
    git('tag', '-a', 'v9.9.9', '-m', 'a tag is no commit');
    expect(commitOf(folder)).toBe(commit);
  });

  it('says that files were changed since', () => {
    const commit = committed();
    writeFileSync(join(folder, 'package.json'), '{ "name": "changed" }');
    expect(commitOf(folder)).toBe(`${commit}-dirty`);
  });

  it('is unknown in an unpacked archive, also below the repository of something else', () => {
    expect(commitOf(folder)).toBe(UNKNOWN_COMMIT);
    committed();
    const inside = join(folder, 'vendor/crankback');
    mkdirSync(inside, { recursive: true });
    writeFileSync(join(inside, 'package.json'), '{}');
    expect(commitOf(inside)).toBe(UNKNOWN_COMMIT);
  });
});
