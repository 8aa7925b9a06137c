import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const ROOT = join(__dirname, '../../..');
const CRUISE = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
/** Every name of borders.js that a tree must have for the guard to start. */
const NAMED = [
  ...[
    'model',
    'normalize',
    'codecs',
    'sip',
    'policy',
    'trunks',
    'figures',
    'observe',
    'findings',
    'alerts',
  ],
  ...[
    'policy-file',
    'settings',
    'state-file',
    'calls',
    'records',
    'journal',
    'events',
    'explain',
    'simulate',
    'replay',
    'report',
    'scenario',
    'suggest',
    'doctor',
    'init',
    'import',
    'app',
    'notify',
    'threads',
    'tracing',
    'http',
    'cli',
  ],
].map((name) => `src/${name}`);

/** The files that may import adapters. */
const ROOTS = ['src/service.ts', 'src/dialects.ts', 'src/pbx-readers.ts', 'src/examine.ts'];

let tree: string;

/** Cruising a tree of three files takes a second; on a busy machine several. */
jest.setTimeout(60_000);

beforeEach(() => {
  tree = mkdtempSync(join(tmpdir(), 'crankback-borders-'));
  for (const file of ['.dependency-cruiser.cjs', 'borders.js', 'tsconfig.json']) {
    cpSync(join(ROOT, file), join(tree, file));
  }
  for (const folder of [...NAMED, 'adapters']) mkdirSync(join(tree, folder), { recursive: true });
  for (const root of ROOTS) write(root, `export {};`);
  write('src/model/failure.ts', `export interface Failure { readonly sip: number }`);
});

afterEach(() => rmSync(tree, { recursive: true, force: true }));

function write(file: string, text: string): void {
  mkdirSync(dirname(resolve(tree, file)), { recursive: true });
  writeFileSync(join(tree, file), `${text}\n`);
}

/** What the guard says of the tree; its exit code is the number of violations, as errors. */
function guard(): { code: number | null; said: string } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [CRUISE, '--config', '.dependency-cruiser.cjs', 'src', 'adapters'],
    { cwd: tree, encoding: 'utf8' },
  );
  return { code: status, said: stdout + stderr };
}

describe('the guard of imports', () => {
  it('is content with a tree without circles', () => {
    write(
      'src/policy/decide.ts',
      `import type { Failure } from '../model/failure';\nexport const decide = (it: Failure): number => it.sip;`,
    );
    write(
      'adapters/a/b.ts',
      `import type { Failure } from '../../src/model/failure';\nexport type B = Failure;`,
    );
    write('src/service.ts', `import type { B } from '../adapters/a/b';\nexport type Main = B;`);
    const { code, said } = guard();
    expect(said).toContain('no dependency violations found');
    expect(code).toBe(0);
  });

  it('fails on a circle of type imports alone', () => {
    write(
      'src/model/failure.ts',
      `import type { Class } from './classes';\nexport interface Failure { readonly class: Class }`,
    );
    write(
      'src/model/classes.ts',
      `import type { Failure } from './failure';\nexport type Class = 'busy' | Failure['class'];`,
    );
    const { code, said } = guard();
    expect(said).toMatch(/no-circles: src\/model\/(failure|classes)\.ts/);
    expect(code).toBeGreaterThan(0);
  });

  it('names each file that crosses a border, and the rule', () => {
    for (const there of ['src/http/x.ts', 'adapters/x.ts', 'src/policy/x.ts', 'test/x.ts']) {
      write(there, `export class X {}`);
    }
    const crossing = [
      ['core-imports-only-core', 'src/policy/a.ts', `import type { X } from '../http/x';`],
      ['core-does-no-io', 'src/trunks/a.ts', `import { readFileSync as X } from 'node:fs';`],
      ['adapters-only-in-main', 'src/calls/a.ts', `import type { X } from '../../adapters/x';`],
      ['adapters-never-decide', 'adapters/a.ts', `import { X } from '../src/policy/x';`],
      ['product-without-tests', 'src/records/a.ts', `import { X } from '../../test/x';`],
    ] as const;
    for (const [, file, line] of crossing) {
      write(file, `${line}\nexport const user = (it: typeof X | X): unknown => it;`);
    }
    const { code, said } = guard();
    for (const [rule, file] of crossing) expect(said).toContain(`${rule}: ${file}`);
    expect(code).toBe(crossing.length);
  });

  it('lets an adapter know types of what decides', () => {
    write('src/policy/x.ts', `export class X {}`);
    write('adapters/a.ts', `import type { X } from '../src/policy/x';\nexport type A = X;`);
    expect(guard().code).toBe(0);
  });

  it('fails when a folder that has a border is gone', () => {
    rmSync(join(tree, 'src/policy'), { recursive: true });
    const { code, said } = guard();
    expect(said).toContain('borders.js names what does not exist: src/policy');
    expect(code).toBeGreaterThan(0);
  });
});

describe('the borders', () => {
  it.each([...NAMED, 'adapters', ...ROOTS])('are refused when %s is gone', (name) => {
    rmSync(join(tree, name), { recursive: true });
    const { stderr } = spawnSync(process.execPath, ['borders.js'], { cwd: tree, encoding: 'utf8' });
    expect(stderr).toContain(`borders.js names what does not exist: ${name}`);
  });
});
