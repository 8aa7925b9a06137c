/** The package that `npm run package` makes, installed as a user installs it, without a registry. */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { placesIn } from '../../lab/release/site/places';
import { AriServer, PASSWORD, USER } from '../doubles/ari-server';
import { ofLibraryPage } from '../doubles/library-page';
import { packed, type Packed } from '../doubles/packed';
import { atLeast, PATCHED } from '../doubles/patched';
import { Service } from '../doubles/service';
import { searched } from '../doubles/site-page';

const ROOT = join(__dirname, '../..');
const MOST_BYTES = 6_000_000;
const MOST_SITE_BYTES = 3_400_000;
const MOST_DASHBOARD_BYTES = 200_000;

jest.setTimeout(120_000);

let made: Packed;
let prefix: string;
let application: string;

interface Ran {
  readonly code: number | null;
  readonly out: string;
}

/** npm that asks nobody: a dependency that is not inside the package fails the installation. */
function npm(cwd: string, ...args: readonly string[]): Ran {
  return run('npm', args, cwd, {
    npm_config_offline: 'true',
    npm_config_cache: join(cwd, 'cache'),
  });
}

function run(
  program: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Ran {
  const { PATH = '', HOME = '' } = process.env;
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd,
    encoding: 'utf8',
    env: { PATH, HOME, ...env },
  });
  return { code: status, out: stdout + stderr };
}

const crankback = (...args: readonly string[]): Ran =>
  run(join(prefix, 'bin/crankback'), args, made.folder);
const inPackage = (file: string): string => join(prefix, 'lib/node_modules/crankback', file);
const policyOfPackage = (): string => inPackage('docs/policy.example.yaml');

beforeAll(() => {
  made = packed();
  prefix = join(made.folder, 'prefix');
  application = join(made.folder, 'application');
  mkdirSync(prefix);
  mkdirSync(application);
  expect(npm(made.folder, 'install', '--global', '--prefix', prefix, made.archive)).toMatchObject({
    code: 0,
  });
  writeFileSync(join(application, 'package.json'), JSON.stringify({ name: 'application' }));
  expect(npm(application, 'install', made.archive)).toMatchObject({ code: 0 });
});

afterAll(() => rmSync(made.folder, { recursive: true, force: true }));

describe('an installation from npm', () => {
  const policy = policyOfPackage;

  it.each<[string, () => readonly string[], RegExp]>([
    ['says its version', () => ['--version'], /^\d+\.\d+\.\d+, commit .*, Node \d+\./],
    ['checks the policy that comes with it', () => ['check', policy()], /: in order /],
    ['explains a code', () => ['explain', '488'], /^488 Not Acceptable Here\n/],
    [
      'rehearses a call',
      () => ['simulate', '--policy', policy(), '--to', '0301234', '--say', 'carrier-a: 503'],
      /carrier-b/,
    ],
  ])('%s', (_, args, output) => {
    const said = crankback(...args());
    expect(said).toMatchObject({ code: 0 });
    expect(said.out).toMatch(output);
  });

  it('loads the whole service, and says what it needs', () => {
    expect(crankback('run')).toEqual({
      code: 2,
      out: expect.stringMatching(/^CRANKBACK_POLICY \(--policy\): missing/) as string,
    });
  });

  it('brings the dialplans as they are in the project', () => {
    for (const file of [
      'adapters/asterisk/dialplan/extensions.conf',
      'adapters/asterisk/dialplan/emergency.conf',
      'adapters/asterisk/dialplan/planned.conf',
      'adapters/freeswitch/dialplan/crankback.xml',
      'adapters/freeswitch/dialplan/crankback/travel.xml',
    ]) {
      expect(readFileSync(inPackage(file), 'utf8')).toBe(readFileSync(join(ROOT, file), 'utf8'));
    }
  });

  it('is small, and has nothing to install beside it', () => {
    expect(statSync(made.archive).size).toBeLessThan(MOST_BYTES);
    expect(existsSync(inPackage('node_modules'))).toBe(false);
    const manifest = JSON.parse(readFileSync(inPackage('package.json'), 'utf8')) as object;
    for (const field of ['private', 'dependencies', 'optionalDependencies', 'scripts']) {
      expect(manifest).not.toHaveProperty(field);
    }
  });
});

describe('the documentation inside', () => {
  const site = (): string => inPackage('program/site');
  const files = (): readonly string[] =>
    readdirSync(site(), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => relative(site(), join(parentPath, name)));
  const pages = (): readonly string[] => files().filter((file) => file.endsWith('.html'));
  const read = (file: string): string => readFileSync(join(site(), file), 'utf8');
  /** Values of an attribute in a page. */
  const values = (page: string, attribute: string): readonly string[] =>
    [...read(page).matchAll(new RegExp(`<[a-z][^>]* ${attribute}="([^"]*)"`, 'g'))].map(
      ([, value = '']) => value.replaceAll('&amp;', '&'),
    );

  it('has every page of the project, and each of them in its contents', () => {
    for (const place of placesIn(ROOT).pages.values()) expect(pages()).toContain(place);
    const listed = /<nav[^]*?<\/nav>/.exec(read('index.html'))?.[0] ?? '';
    for (const page of pages()) expect(listed).toContain(`href="${page}"`);
  });

  it('has no link that leads nowhere', () => {
    const ids = new Map(pages().map((page) => [page, new Set(values(page, 'id'))]));
    const broken = pages().flatMap((page) =>
      [...values(page, 'href'), ...values(page, 'src')]
        .filter((link) => !/^[a-z]+:/.test(link))
        .filter((link) => {
          const [path = '', anchor] = link.split('#');
          const file = path === '' ? page : join(dirname(page), path);
          return !files().includes(file) || (anchor !== undefined && !ids.get(file)?.has(anchor));
        })
        .map((link) => `${page}: ${link}`),
    );
    expect(broken).toEqual([]);
    expect(pages().flatMap((page) => values(page, 'href')).length).toBeGreaterThan(1000);
  });

  it('asks for nothing outside its folder, and has no script and no style of its own text', () => {
    for (const page of pages()) {
      const html = read(page);
      expect([
        page,
        html.match(/<script(?! src="[./]*assets\/search\.js" defer><\/script>)/g),
      ]).toEqual([page, null]);
      expect([
        page,
        html.match(/<style| style=| on[a-z]+=|<(?:iframe|object|embed|base)\b/g),
      ]).toEqual([page, null]);
      const [sources, sheets] = [values(page, 'src'), html.match(/<link [^>]*>/g) ?? []];
      expect([page, sources.filter((source) => /^([a-z]+:|\/)/.test(source))]).toEqual([page, []]);
      expect([page, sheets.length]).toEqual([page, 1]);
    }
    expect(read('assets/style.css')).not.toMatch(/url\(|@import/);
  });

  it.each([
    ['488', 'index.html', 'refusals.html#488-not-acceptable-here'],
    ['488', 'problems/index.html', 'problems/488-no-idea-why.html'],
    ['no money left', 'adr/index.html', 'problems/out-of-credit.html'],
    ['concurrent_c', 'policy.html', 'policy.html#trunks'],
  ])('finds "%s" on %s, from files alone', (words, page, place) => {
    const scripts: string[] = [];
    const found = searched(site(), page, words, scripts);
    expect(
      found.map((hit) => hit.place.replace(/(idea-why|credit)\.html#.*$/, '$1.html')),
    ).toContain(place);
    expect(scripts).toEqual(['assets/search.js', 'assets/pages.js']);
    for (const { words: shown } of found) expect(shown).not.toBe('');
  });

  it('finds the refusal itself first', () => {
    for (const sip of ['486', '503', '603'])
      expect(searched(site(), 'index.html', sip)[0]?.place).toMatch(
        new RegExp(`^(refusals\\.html#${sip}-|problems/${sip})`),
      );
  });

  it('is small', () => {
    const bytes = files().reduce((sum, file) => sum + statSync(join(site(), file)).size, 0);
    expect(bytes).toBeLessThan(MOST_SITE_BYTES);
  });

  it('is served by the service under /docs, and the dashboard beside it', async () => {
    const server = await AriServer.start();
    const service = await Service.start(inPackage('program/main.js'), {
      CRANKBACK_POLICY: policyOfPackage(),
      CRANKBACK_ARI_URL: server.url,
      CRANKBACK_ARI_USER: USER,
      CRANKBACK_ARI_PASSWORD: PASSWORD,
      CRANKBACK_STATE_FILE: 'off',
    });
    try {
      const page = await service.get('/docs/refusals.html');
      expect(page.status).toBe(200);
      expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
      expect(await page.text()).toBe(read('refusals.html'));
      expect((await service.get('/docs')).url).toMatch(/\/docs\/$/);
      expect((await service.get('/docs/assets/')).status).toBe(404);
      expect((await service.get('/')).url).toMatch(/\/dashboard\/$/);
      expect((await service.get('/dashboard/dashboard.js')).status).toBe(200);
    } finally {
      await service.end('SIGTERM');
      await server.stop();
    }
  });
});

describe('the dashboard inside', () => {
  const folder = (): string => inPackage('program/dashboard');

  it('is four small files, and asks for nothing outside its folder', () => {
    const files = readdirSync(folder()).sort();
    expect(files).toEqual(['dashboard.css', 'dashboard.js', 'icon.svg', 'index.html']);
    const bytes = files.reduce((sum, file) => sum + statSync(join(folder(), file)).size, 0);
    expect(bytes).toBeLessThan(MOST_DASHBOARD_BYTES);
    const page = readFileSync(join(folder(), 'index.html'), 'utf8');
    expect(page.match(/(?:src|href)="[^"]*"/g)).toEqual([
      ...['href="icon.svg"', 'href="dashboard.css"', 'src="dashboard.js"'],
    ]);
    expect(page).not.toMatch(/<script(?! src=)|<style| style=| on[a-z]+=/);
    expect(readFileSync(join(folder(), 'dashboard.css'), 'utf8')).not.toMatch(/url\(|@import/);
  });
});

describe('the library of the package', () => {
  it('compiles and prints what docs/library.md says, as CommonJS and as an ES module', () => {
    writeFileSync(join(application, 'policy.yaml'), ofLibraryPage('yaml'));
    for (const file of ['commonjs.cts', 'module.mts']) {
      writeFileSync(join(application, file), ofLibraryPage('ts'));
    }
    const compilerOptions = {
      target: 'es2022',
      module: 'node16',
      strict: true,
      exactOptionalPropertyTypes: true,
      // The package's own declarations are checked as well.
      skipLibCheck: false,
      types: ['node'],
      typeRoots: [join(ROOT, 'node_modules/@types')],
    };
    const files = ['commonjs.cts', 'module.mts'];
    writeFileSync(join(application, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    expect(run(process.execPath, [tsc, '-p', '.'], application)).toEqual({ code: 0, out: '' });
    for (const program of ['commonjs.cjs', 'module.mjs']) {
      expect(run(process.execPath, [program], application)).toEqual({
        code: 0,
        out: ofLibraryPage('text'),
      });
    }
  });

  it('has no other entry', () => {
    const { code, out } = run(
      process.execPath,
      ['-e', `require('crankback/program/main.js')`],
      application,
    );
    expect(code).toBe(1);
    expect(out).toContain('ERR_PACKAGE_PATH_NOT_EXPORTED');
  });
});

describe('what is inside', () => {
  const components = (): readonly { readonly name: string; readonly version: string }[] =>
    (
      JSON.parse(readFileSync(inPackage('sbom.cdx.json'), 'utf8')) as {
        components: { name: string; version: string }[];
      }
    ).components;

  it('is listed whole: the bill has each package that the bundler took', () => {
    const listed = components().map(({ name, version }) => `${name}@${version}`);
    const program = JSON.parse(
      readFileSync(inPackage('program/packages.json'), 'utf8'),
    ) as string[];
    expect(listed).toEqual(expect.arrayContaining(program));
    expect(listed).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^zod@/),
        expect.stringMatching(/^yaml@/),
        // In the browser, for the documentation's search.
        expect.stringMatching(/^minisearch@/),
        // In the browser, for the dashboard.
        expect.stringMatching(/^preact@/),
        expect.stringMatching(/^uplot@/),
      ]),
    );
    expect(listed.length).toBe(new Set(listed).size);
  });

  it.each(Object.entries(PATCHED))(
    'has no unpatched %s',
    (name, { least, is, isLeftOut = false }) => {
      const copies = components().filter((one) => one.name === name || one.name === is);
      for (const copy of copies) {
        expect(copy.name).toBe(is ?? name);
        expect([copy, atLeast(copy.version, least)]).toEqual([copy, true]);
      }
      expect(copies.length === 0).toBe(isLeftOut);
    },
  );

  it('states the licence of each', () => {
    const notices = readFileSync(inPackage('THIRD-PARTY-NOTICES.md'), 'utf8');
    for (const { name, version } of components())
      expect(notices).toContain(`## ${name} ${version}`);
  });
});
