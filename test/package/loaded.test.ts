/** What a command loads: the time of a short command is that of what it evaluates, and a test of times would be of the machine. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
const PROGRAM = join(ROOT, 'dist/program');
/** Node reads and scans the whole of it for each command. Bytes. */
const MOST_BYTES = 2_800_000;
const LIMIT_MS = 60_000;

const TABLE = ['ansi-regex', 'cli-table3', 'emoji-regex', 'is-fullwidth-code-point'];
const OF_TEXTS = ['string-width', 'strip-ansi'];

/** V8's own record of the functions that ran. */
interface Coverage {
  readonly result: readonly {
    readonly url: string;
    readonly functions: readonly {
      readonly functionName: string;
      readonly ranges: readonly { readonly count: number }[];
    }[];
  }[];
}

/** Names of the packages that a command evaluates: each module of a bundle is a function with its path as its name. */
function packagesOf(...args: readonly string[]): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'crankback-loaded-'));
  try {
    const env = { PATH: process.env['PATH'], NODE_V8_COVERAGE: folder };
    const ran = spawnSync(process.execPath, [join(PROGRAM, 'main.js'), ...args], {
      cwd: ROOT,
      env,
    });
    expect([ran.status, ran.stderr.toString()]).toEqual([0, '']);
    const functions = readdirSync(folder)
      .flatMap((name) => (JSON.parse(readFileSync(join(folder, name), 'utf8')) as Coverage).result)
      .filter(({ url }) => url.includes('/dist/program/'))
      .flatMap((script) => script.functions)
      .filter(({ ranges: [whole] }) => (whole?.count ?? 0) > 0);
    const names = functions.flatMap(
      ({ functionName }) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(functionName)?.[1] ?? [],
    );
    return [...new Set(names)].sort();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

it.each([
  [['--version'], ['commander']],
  [['explain', '488'], ['commander', ...TABLE, ...OF_TEXTS, 'yaml', 'zod'].sort()],
  [
    ['check', 'docs/policy.example.yaml'],
    ['commander', 'papaparse', 'yaml', 'zod'],
  ],
])(
  'crankback %j loads no package but %j',
  (args, packages) => expect(packagesOf(...args)).toEqual(packages),
  LIMIT_MS,
);

it('is in one file that is quickly read', () => {
  expect(statSync(join(PROGRAM, 'main.js')).size).toBeLessThan(MOST_BYTES);
});
