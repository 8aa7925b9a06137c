import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle } from '../../../../lab/release/bundle';

const ROOT = join(__dirname, '../../../..');

/** Outside the project, where no package can be found by chance. */
const folder = mkdtempSync(join(tmpdir(), 'crankback-bundle-'));
const main = bundle(ROOT, folder);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function crankback(...args: readonly string[]) {
  return spawnSync(process.execPath, [main, ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] },
  });
}

describe('the program as it is shipped', () => {
  it('has none of the HTTP clients of ari-client and swagger-client inside: its own is used', () => {
    const inside = JSON.parse(readFileSync(join(folder, 'packages.json'), 'utf8')) as string[];
    const unused = /^(?:(?:@cypress\/)?request|shred|iconv-lite|tough-cookie|form-data|sshpk)@/;
    expect(inside.filter((one) => unused.test(one))).toEqual([]);
  });

  it('says its version, commit and contracts', () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      version: string;
    };
    const said = crankback('--version');
    expect(said).toMatchObject({ status: 0, stderr: '' });
    expect(said.stdout).toMatch(
      new RegExp(
        `^${version.replaceAll('.', '\\.')}, commit ([0-9a-f]{7,}(-dirty)?|unknown), dialplan contract: asterisk \\d+, freeswitch \\d+, Node ${process.versions.node.replaceAll('.', '\\.')}\n$`,
      ),
    );
  });

  it.each([
    ['explains', ['explain', '488', '--lang', 'ru'], 0, /^488 Not Acceptable Here\n/],
    ['checks a policy', ['check', join(ROOT, 'docs/policy.example.yaml')], 0, /: in order /],
    [
      'plays a call',
      ['simulate', '--policy', join(ROOT, 'docs/policy.example.yaml'), '--to', '0301234'],
      0,
      /./,
    ],
    ['prints the schema', ['schema'], 0, /"\$schema"/],
  ])('%s without any package around', (_, args, status, output) => {
    const said = crankback(...args);
    expect(said).toMatchObject({ status, stderr: '' });
    expect(said.stdout).toMatch(output);
  });

  it('loads the whole service without any package around', () => {
    const said = crankback('run');
    expect(said.status).toBe(2);
    expect(said.stderr).toMatch(/^CRANKBACK_POLICY \(--policy\): missing/);
  });

  it('has the patched versions inside, and only them', () => {
    const inside = JSON.parse(readFileSync(join(folder, 'packages.json'), 'utf8')) as string[];
    const versionsOf = (name: string) =>
      inside
        .filter((one) => one.startsWith(`${name}@`))
        .map((one) => Number(one.slice(name.length + 1).split('.')[0]));
    expect(versionsOf('ws')).toEqual([8]);
    expect(versionsOf('ari-client')).toEqual([2]);
    expect(versionsOf('modesl')).toEqual([1]);
  });
});
