import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sectionOf } from '../../../../lab/release/publish/changelog';
import { release } from '../../../../lab/release/publish/release';

const CHANGELOG = `# Changelog

## [0.2.0] – not released yet

- soon

## [0.1.0] – 2026-12-01

### Added

- everything
`;

describe('the notes of a version', () => {
  it('are its section of the changelog, with the date of its heading', () => {
    expect(sectionOf(CHANGELOG, '0.1.0')).toEqual({
      date: '2026-12-01',
      notes: '### Added\n\n- everything',
    });
    expect(sectionOf(CHANGELOG, '0.2.0')).toEqual({ notes: '- soon' });
  });

  it('are missed by name', () => {
    expect(() => sectionOf(CHANGELOG, '0.3.0')).toThrow('no section "## [0.3.0] – <date>"');
    expect(() => sectionOf('## [1.0.0] – 2026-01-01\n\n', '1.0.0')).toThrow(/nothing below/);
  });
});

describe('a release', () => {
  let folder: string;
  let root: string;
  let key: string;
  let target: string;
  let artefact: string;
  let said: string[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'crankback-release-'));
    root = join(folder, 'project');
    key = join(folder, 'key');
    target = join(folder, 'release');
    artefact = join(folder, 'crankback-0.1.0.tgz');
    said = [];
    execFileSync('git', ['init', '--quiet', root]);
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'release', '-f', key]);
    git('config', 'user.name', 'test');
    git('config', 'user.email', 'test@example.net');
    writeFileSync(join(root, 'CHANGELOG.md'), CHANGELOG);
    writeFileSync(artefact, 'the package');
    git('add', '.');
    git('commit', '--quiet', '--message', 'first');
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function git(...args: readonly string[]): string {
    return execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: 'pipe' }).trim();
  }

  function make(parts: Partial<Parameters<typeof release>[0]> = {}): void {
    const log = (line: string): void => void said.push(line);
    const usual = { root, version: '0.1.0', artefacts: [artefact], target, forGood: false, log };
    release({ ...usual, ...parts });
  }

  /** Whether ssh-keygen takes the signature for that key's, as a user checks it. */
  function verified(): boolean {
    const signers = join(folder, 'signers');
    writeFileSync(signers, `releases ${readFileSync(`${key}.pub`, 'utf8')}`);
    const signature = join(target, 'SHA256SUMS.sig');
    const args = ['-Y', 'verify', '-f', signers, '-I', 'releases', '-n', 'file', '-s', signature];
    const input = readFileSync(join(target, 'SHA256SUMS'));
    return spawnSync('ssh-keygen', args, { input }).status === 0;
  }

  it('is a dry run unless told otherwise: files to look at, and no tag', () => {
    make();
    expect(git('tag')).toBe('');
    expect(readFileSync(join(target, 'NOTES.md'), 'utf8')).toBe('### Added\n\n- everything\n');
    expect(said.join('\n')).toMatch(/in the way: --key/);
    expect(said.join('\n')).toMatch(/would: git tag --annotate v0\.1\.0/);
  });

  it('has checksums that sha256sum checks, and a signature that holds for them alone', () => {
    make({ key });
    const check = () => spawnSync('sha256sum', ['--check', 'SHA256SUMS'], { cwd: target }).status;
    expect(check()).toBe(0);
    expect(verified()).toBe(true);
    appendFileSync(join(target, 'crankback-0.1.0.tgz'), 'changed');
    expect(check()).toBe(1);
    appendFileSync(join(target, 'SHA256SUMS'), 'more\n');
    expect(verified()).toBe(false);
  });

  it('makes a signed tag with the notes', () => {
    make({ key, forGood: true });
    const tag = git('cat-file', '-p', 'v0.1.0');
    expect(tag).toContain('### Added\n\n- everything');
    expect(tag).toContain('-----BEGIN SSH SIGNATURE-----');
  });

  it('is not made while something is in the way, and names all of it', () => {
    writeFileSync(join(root, 'new'), '');
    git('tag', 'v0.2.0');
    expect(() => make({ version: '0.2.0', forGood: true })).toThrow(
      [
        'CHANGELOG.md: [0.2.0] has no date yet',
        'git: files are changed or new',
        'git: there is a tag v0.2.0 already',
        '--key: no SSH key to sign with',
      ].join('\n'),
    );
  });
});
