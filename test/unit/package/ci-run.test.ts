import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const COUNTS = '3 passed, 0 failed, 0 skipped';
/** In place of npm: fails at the command that is named. */
const NPM = `#!/bin/sh
echo "npm $*"
if [ "$*" = test ]; then echo '${COUNTS}'; fi
test "$*" != "$FAILS"
`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crankback-ci-'));
  cpSync(join(__dirname, '../../../.ci'), join(folder, '.ci'), { recursive: true });
  mkdirSync(join(folder, 'bin'));
  writeFileSync(join(folder, 'bin/npm'), NPM);
  chmodSync(join(folder, 'bin/npm'), 0o755);
});
afterEach(() => rmSync(folder, { recursive: true }));

function run(fails: string): { status: number | null; lines: string[] } {
  const env = { ...process.env, PATH: `${folder}/bin:${process.env['PATH']}`, FAILS: fails };
  const { status, stdout } = spawnSync(join(folder, '.ci/run'), { env, encoding: 'utf8' });
  return { status, lines: stdout.trim().split('\n') };
}

test('passes where nothing fails, and says nothing of lint then', () => {
  expect(run('nothing')).toEqual({
    status: 0,
    lines: ['npm ci --no-audit --no-fund', 'npm test', COUNTS],
  });
});

test.each(['test', 'run lint', 'run typecheck:web'])(
  'fails if `npm %s` does; the counts are last all the same',
  (fails) => {
    const { status, lines } = run(fails);
    expect(status).toBe(1);
    expect(lines).toContain(`npm ${fails}`);
    expect(lines.at(-1)).toBe(COUNTS);
  },
);

test('tests nothing without a clean install', () => {
  const { status, lines } = run('ci --no-audit --no-fund');
  expect(status).not.toBe(0);
  expect(lines).not.toContain('npm test');
});
