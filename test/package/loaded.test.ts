/** What a command loads: the time of a short command is that of what it evaluates, and a test of times would be of the machine. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

const ROOT = join(__dirname, '../..');
const PROGRAM = join(ROOT, 'dist/program');
const LIMIT_MS = 60_000;

const TABLE = ['cli-table3', 'emoji-regex', 'is-fullwidth-code-point', 'string-width'];
const OF_TABLE = ['@colors/colors', 'ansi-regex', 'strip-ansi'];

/** V8's own record of the scripts that ran. */
interface Coverage {
  readonly result: readonly { readonly url: string }[];
}

interface Loaded {
  /** Names. */
  readonly packages: readonly string[];
  /** Of all files together: Node reads and scans the whole of each. */
  readonly bytes: number;
}

const PARTS = JSON.parse(readFileSync(join(PROGRAM, 'parts.json'), 'utf8')) as Readonly<
  Record<string, readonly string[]>
>;

/** Which files of the bundle a command evaluates, and what is in them. */
function loadedBy(...args: readonly string[]): Loaded {
  const folder = mkdtempSync(join(tmpdir(), 'crankback-loaded-'));
  try {
    const env = { PATH: process.env['PATH'], NODE_V8_COVERAGE: folder };
    const ran = spawnSync(process.execPath, [join(PROGRAM, 'main.js'), ...args], {
      cwd: ROOT,
      env,
    });
    expect([ran.status, ran.stderr.toString()]).toEqual([0, '']);
    const files = readdirSync(folder)
      .flatMap((name) => (JSON.parse(readFileSync(join(folder, name), 'utf8')) as Coverage).result)
      .filter(({ url }) => url.includes('/dist/program/'))
      .map(({ url }) => basename(url));
    expect(files).toContain('main.js');
    const named = files.flatMap((file) => PARTS[file] ?? [`${file}, which is no part`]);
    return {
      packages: [...new Set(named.map((one) => one.replace(/@[^@]*$/, '')))].sort(),
      bytes: files.reduce((sum, file) => sum + statSync(join(PROGRAM, file)).size, 0),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

it.each([
  [['--version'], ['commander'], 90_000],
  [['explain', '488'], ['commander'], 350_000],
  [['explain', '480', '486'], ['commander', ...TABLE, ...OF_TABLE].sort(), 420_000],
  [['check', 'docs/policy.example.yaml'], ['commander', 'yaml', 'zod'], 600_000],
])(
  'crankback %j loads no package but %j, and less than %d bytes',
  (args, packages, most) => {
    const loaded = loadedBy(...args);
    expect(loaded.packages).toEqual(packages);
    expect(loaded.bytes).toBeLessThan(most);
  },
  LIMIT_MS,
);

// One character beyond Latin-1 makes V8 keep, and scan, a file with two bytes for each.
it.each(Object.keys(PARTS))('%s is ASCII', (file) => {
  expect(readFileSync(join(PROGRAM, file), 'latin1')).toMatch(/^[\x00-\x7f]*$/);
});
