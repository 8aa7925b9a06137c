/**
 * The packed program and library under each Node that they are for: the oldest one that package.json allows, and every
 * line with long-term support since. npm's package `node` brings them.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { AriServer, PASSWORD, USER } from '../doubles/ari-server';
import { ofLibraryPage } from '../doubles/library-page';
import { packed, type Packed } from '../doubles/packed';
import { freePort, startProgram } from '../doubles/program';
import { until, untilAsync } from '../doubles/until';

const ROOT = join(__dirname, '../..');
const OLDEST = (
  JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { engines: { node: string } }
).engines.node.replace('>=', '');
const VERSIONS = [OLDEST, '22', '24', '26'];

jest.setTimeout(180_000);

let made: Packed;

beforeAll(() => {
  made = packed();
  const library = join(made.folder, 'application/node_modules/crankback');
  mkdirSync(library, { recursive: true });
  execFileSync('tar', ['-xzf', made.archive, '--strip-components=1', '-C', library]);
  writeFileSync(join(made.folder, 'application/policy.yaml'), ofLibraryPage('yaml'));
});

afterAll(() => rmSync(made.folder, { recursive: true, force: true }));

describe.each(VERSIONS)('under Node %s', (version) => {
  let node: string;
  const main = (): string => join(made.staged, 'program/main.js');
  const policy = (): string => join(ROOT, 'docs/policy.example.yaml');

  beforeAll(() => {
    const folder = join(made.folder, `node-${version}`);
    mkdirSync(folder);
    writeFileSync(join(folder, 'package.json'), '{}');
    execFileSync('npm', ['install', '--no-audit', '--no-fund', `node@${version}`], {
      cwd: folder,
      stdio: 'pipe',
    });
    node = join(folder, 'node_modules/.bin/node');
  });

  function run(cwd: string, ...args: readonly string[]): { code: number | null; out: string } {
    const { status, stdout, stderr } = spawnSync(node, args, { cwd, encoding: 'utf8' });
    return { code: status, out: stdout + stderr };
  }

  it('runs every kind of command without a warning', () => {
    const crankback = (...args: readonly string[]) => run(made.folder, main(), ...args);
    expect(crankback('--version').out).toMatch(
      new RegExp(`, Node ${version.replace('.', '\\.')}\\.\\d+`),
    );
    expect(crankback('explain', '488', '--lang', 'ko')).toMatchObject({ code: 0 });
    expect(crankback('check', policy()).out).toMatch(/: in order /);
    const { out } = crankback('simulate', '--policy', policy(), '--to', '030', '--say', '503');
    expect(out).not.toMatch(/Warning/);
  });

  it('runs the example of the library', () => {
    const application = join(made.folder, 'application');
    const { outputText } = ts.transpileModule(ofLibraryPage('ts'), {
      compilerOptions: { module: ts.ModuleKind.ES2022, target: ts.ScriptTarget.ES2022 },
    });
    writeFileSync(join(application, 'module.mjs'), outputText);
    expect(run(application, 'module.mjs')).toEqual({ code: 0, out: ofLibraryPage('text') });
  });

  it('serves beside an Asterisk, keeps its journal, and ends in order', async () => {
    const server = await AriServer.start();
    const port = await freePort();
    const service = startProgram(
      main(),
      ['run'],
      {
        CRANKBACK_POLICY: policy(),
        CRANKBACK_ARI_URL: server.url,
        CRANKBACK_ARI_USER: USER,
        CRANKBACK_ARI_PASSWORD: PASSWORD,
        CRANKBACK_HTTP_PORT: String(port),
        CRANKBACK_STATE_FILE: 'off',
        CRANKBACK_JOURNAL_FILE: join(made.folder, `journal-${version}.db`),
      },
      { node },
    );
    try {
      await until(() => service.stdout.includes('crankback runs'));
      await untilAsync(async () => (await fetch(`http://127.0.0.1:${port}/ready`)).ok);
      const ready = await (await fetch(`http://127.0.0.1:${port}/ready`)).json();
      expect(ready).toEqual({ ready: true, reasons: [], warnings: [] });
      service.process.kill('SIGTERM');
      expect(await service.ended).toBe(0);
      expect(service.stderr).toBe('');
    } finally {
      service.process.kill('SIGKILL');
      await server.stop();
    }
  });
});
