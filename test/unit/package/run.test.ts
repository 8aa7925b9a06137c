import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transformSync } from '@swc/core';

const RUN = readFileSync(join(__dirname, '../../run.ts'), 'utf8');

/** In place of jest: does what `plays.json` says of a suite, and notes its begin and its end. */
const JEST = `
const fs = require('node:fs');
const [, , , name, , , , , report] = process.argv;
const { counts, exit = 0, ms = 0 } = JSON.parse(fs.readFileSync('plays.json', 'utf8'))[name];
const note = (what) => fs.appendFileSync('notes', name + ' ' + what + '\\n');
note('begins');
console.error(name + ' speaks');
const end = () => {
  console.error(name + ' ends');
  note('ends');
  const [numPassedTests, failed, numPendingTests] = counts;
  const assertionResults = Array.from({ length: failed }, () => ({ fullName: 'it', status: 'failed', failureMessages: ['why'] }));
  const testResults = [{ name: process.cwd() + '/its.test.ts', message: '', assertionResults }];
  fs.writeFileSync(report, JSON.stringify({ numPassedTests, numPendingTests, numTodoTests: 0, testResults }));
  process.exit(exit);
};
setTimeout(end, ms);
`;

interface Play {
  readonly counts: readonly [passed: number, failed: number, skipped: number];
  readonly exit?: number;
  readonly ms?: number;
}

// Each test starts several programs.
jest.setTimeout(30_000);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crankback-run-'));
  for (const path of ['test', 'node_modules/jest/bin'])
    mkdirSync(join(folder, path), { recursive: true });
  writeFileSync(join(folder, 'node_modules/jest/bin/jest.js'), JEST);
  const options = { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' } } as const;
  const { code } = transformSync(RUN, { ...options, module: { type: 'commonjs' } });
  writeFileSync(join(folder, 'run.js'), code);
  writeFileSync(join(folder, 'notes'), '');
});
afterEach(() => rmSync(folder, { recursive: true }));

function run(
  names: readonly string[],
  plays: Readonly<Record<string, Play>>,
  { wanted = [], budgetSeconds = 20 }: { wanted?: readonly string[]; budgetSeconds?: number } = {},
) {
  const suites = names.map((name) => ({ name, budgetSeconds, workers: '1' }));
  writeFileSync(join(folder, 'test/suites.json'), JSON.stringify({ suites }));
  writeFileSync(join(folder, 'plays.json'), JSON.stringify(plays));
  const argv = [join(folder, 'run.js'), ...wanted];
  const env = { ...process.env, CI: 'true' };
  const said = spawnSync(process.execPath, argv, { cwd: folder, env, encoding: 'utf8' });
  const notes = readFileSync(join(folder, 'notes'), 'utf8').trim().split('\n');
  return { ...said, last: said.stdout.trim().split('\n').at(-1), notes };
}

const PASSES = { counts: [1, 0, 0] } as const;

test('suites run in order, and are counted together', () => {
  const { status, last, notes } = run(['first', 'second'], {
    first: PASSES,
    second: { counts: [41, 0, 0] },
  });
  expect({ status, last }).toEqual({ status: 0, last: '42 passed, 0 failed, 0 skipped' });
  expect(notes).toEqual(['first begins', 'first ends', 'second begins', 'second ends']);
});

test.each([
  ['a test fails', { counts: [1, 1, 0], exit: 1 }, '2 passed, 1 failed, 0 skipped'],
  ['a test is skipped', { counts: [1, 0, 1] }, '2 passed, 0 failed, 1 skipped'],
  [
    'a suite ends before its first test',
    { counts: [0, 0, 0], exit: 1 },
    '1 passed, 1 failed, 0 skipped',
  ],
] as const)('fails where %s, and the suites behind it are played', (_what, play, expected) => {
  const { status, last } = run(['one', 'other'], { one: play, other: PASSES });
  expect({ status, last }).toEqual({ status: 1, last: expected });
});

test('a suite over its budget has failed', () => {
  const slow = { counts: [1, 0, 0], ms: 10_000 } as const;
  const { status, last, stdout } = run(['slow'], { slow }, { budgetSeconds: 0.3 });
  expect({ status, last }).toEqual({ status: 1, last: '0 passed, 1 failed, 0 skipped' });
  expect(stdout).toMatch(/slow: ended with 1 after \d+ s, over its budget of 0.3 s/);
});

test('only the suites that are wanted run', () => {
  const { last, notes } = run(
    ['first', 'second', 'third'],
    { first: PASSES, second: PASSES, third: PASSES },
    { wanted: ['second'] },
  );
  expect(last).toBe('1 passed, 0 failed, 0 skipped');
  expect(notes).toEqual(['second begins', 'second ends']);
});
