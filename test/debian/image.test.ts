/** The image, started as docs/compose.yaml starts it. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { provision, type DockerTools } from '../../lab/provision';
import { debianImage, getBaseImage } from '../../lab/provision/debian/base-image';
import { buildImage } from '../../lab/release/image/build';
import { packed, type Packed } from '../doubles/packed';
import { freePort } from '../doubles/program';
import { pause } from '../doubles/until';

const ROOT = join(__dirname, '../..');
/** What docs/compose.yaml names. */
const TAG = 'crankback:0.1.0';
const PROJECT = 'crankback-test-image';
const LIMIT_MS = 120_000;

jest.setTimeout(300_000);

let made: Packed;
let tools: DockerTools;

function docker(...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync('docker', args, {
    cwd: made.folder,
    encoding: 'utf8',
    env: tools.env,
  });
  if (status !== 0) throw new Error(`docker ${args.join(' ')}: ${stderr}`);
  return stdout.trim();
}

const compose = (...args: readonly string[]): string =>
  docker('compose', '--project-name', PROJECT, ...args);
const inside = (...args: readonly string[]): string =>
  compose('exec', '--no-TTY', 'crankback', ...args);
const field = (format: string): string =>
  docker('inspect', '--format', format, compose('ps', '--all', '--quiet', 'crankback'));

beforeAll(async () => {
  tools = await provision({ log: () => undefined });
  await getBaseImage('trixie', [], () => undefined);
  made = packed();
  await buildImage(tools, {
    root: ROOT,
    staged: made.staged,
    tag: TAG,
    version: '0.1.0',
    commit: 'of-the-test',
    base: debianImage('trixie'),
  });
  cpSync(join(ROOT, 'docs/compose.yaml'), join(made.folder, 'compose.yaml'));
  const settings = join(made.folder, 'crankback');
  mkdirSync(settings);
  cpSync(join(ROOT, 'docs/policy.example.yaml'), join(settings, 'policy.yaml'));
  writeFileSync(
    join(settings, 'crankback.env'),
    [
      'CRANKBACK_ARI_URL=http://127.0.0.1:9',
      'CRANKBACK_ARI_USER=crankback',
      'CRANKBACK_ARI_PASSWORD=secret',
      `CRANKBACK_HTTP_PORT=${await freePort()}`,
    ].join('\n'),
  );
  compose('up', '--detach');
}, 900_000);

afterAll(() => {
  spawnSync('docker', ['compose', '--project-name', PROJECT, 'down', '--volumes'], {
    cwd: made.folder,
    env: tools.env,
  });
  rmSync(made.folder, { recursive: true, force: true });
});

describe('the image', () => {
  it('becomes healthy although its PBX is away', async () => {
    const limit = Date.now() + LIMIT_MS;
    while (field('{{.State.Health.Status}}') !== 'healthy') {
      if (Date.now() > limit) throw new Error(compose('logs'));
      await pause(500);
    }
    expect(inside('crankback', 'health')).toBe('ok');
  });

  it('runs without root, without any capability, on a file system that it cannot change', () => {
    const status = inside('cat', '/proc/1/status');
    expect(status).toMatch(/^Uid:\s+990\s+990\s+990\s+990$/m);
    expect(status).toMatch(/^CapBnd:\s+0+$/m);
    expect(status).toMatch(/^NoNewPrivs:\s+1$/m);
    expect(() => inside('touch', '/usr/lib/crankback/x')).toThrow(/Read-only file system/);
    expect(inside('stat', '--format', '%U', '/var/lib/crankback/journal.db')).toBe('crankback');
  });

  it('has no program that would make anybody root', () => {
    expect(docker('run', '--rm', '--user', '0', '--entrypoint', 'find', TAG, ...SETUID)).toBe('');
  });

  it('has every command, and the papers of what is inside', () => {
    expect(docker('run', '--rm', TAG, 'explain', '488')).toMatch(/^488 Not Acceptable Here/);
    expect(inside('ls', '/usr/share/doc/crankback').split('\n')).toEqual(
      expect.arrayContaining(['LICENSE', 'THIRD-PARTY-NOTICES.md', 'sbom.cdx.json']),
    );
    const labels = docker('image', 'inspect', '--format', '{{json .Config.Labels}}', TAG);
    expect(JSON.parse(labels)).toMatchObject({
      'org.opencontainers.image.version': '0.1.0',
      'org.opencontainers.image.revision': 'of-the-test',
      'org.opencontainers.image.base.name': 'debian:trixie-slim',
      'org.opencontainers.image.base.digest': expect.stringMatching(
        /^sha256:[0-9a-f]{64}$/,
      ) as string,
    });
  });

  it('stops at once and in order when it is told to', () => {
    compose('stop');
    expect(field('{{.State.ExitCode}}')).toBe('0');
  });
});

const SETUID = ['/', '-xdev', '-type', 'f', '-perm', '/6000'];
