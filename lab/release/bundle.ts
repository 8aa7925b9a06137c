/**
 * The program as it is shipped: few files instead of 1,200 modules, with the packages inside as package-lock.json has
 * them. An installation therefore has the patched versions, and a command is there at once.
 */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { buildSync, transformSync, type BuildOptions, type BuildResult } from 'esbuild';
import { CONTRACT_VERSION as ASTERISK } from '../../adapters/asterisk/handover/contract';
import { CONTRACT_VERSION as FREESWITCH } from '../../adapters/freeswitch/handover/contract';
import type { BuildFacts } from '../../src/cli/version';
import { treatmentsInYaml } from '../../src/explain/default-treatments-in-yaml';
import { LANGUAGES, loadTexts } from '../../src/explain/texts';
import { commitOf } from './commit';

/** The commands. Each is loaded when it is asked for, from parts that several of them may share. */
const COMMANDS = 'src/main.ts';
const PART = 'part-';

/**
 * Each is one file, loaded by itself: the service, the doctor, the threads of the policy, of the journal and of HTTP, the
 * tables of all countries, what reads a policy's tables, and what looks for the routes with room among what travels.
 */
const ENTRIES = [
  'src/service.ts',
  'src/examine.ts',
  'src/policy-file/watch/load-worker.ts',
  'src/journal/thread/journal-worker.ts',
  'src/http/desk/desk-worker.ts',
  'src/policy/routes/country-plan.ts',
  'src/policy-file/tables/read-table.ts',
  'src/cli/routes-with-room.ts',
];

/** A command by itself: as parts that it shares with others it would be twenty files, a tenth of its time. */
const COMMAND_ALONE = 'src/check.ts';

/** The same, of packages that are several times as large in their other form, of which nothing can be left out. */
const ENTRIES_OF_MODULES = ['src/tracing/thread/tracing-worker.ts'];

/** What the program reads while it runs, from its own folder. */
const DATA = [
  'src/policy-file/defaults.yaml',
  'adapters/redis/lua',
  'node_modules/node-sqlite3-wasm/dist/node-sqlite3-wasm.wasm',
];

/** What an entry loads of the others, which stay files of their own. */
export const APART = [
  ...['*/service.js', '*/examine.js', '*/check.js'],
  ...['./country-plan', './read-table', './routes-with-room'],
];

/**
 * What others try to load and do without: a tool of development, and swagger-client's own HTTP, in whose place ours is
 * (adapters/asterisk/ari/swagger-http.ts). That is a seventh of the service.
 */
const LEFT_OUT = ['supports-color', 'shred', './shred', './shred/content'];
/** What ari-client asks by before it connects whether anything is there, of which our own request has made sure. */
const REQUEST = 'lab/release/no-request.ts';

/** What the library reads, from its own folder. */
const LIBRARY_DATA = ['src/policy-file/defaults.yaml'];

/**
 * @param root the project's folder, with node_modules
 * @param target folder of the bundle; files of the same name are replaced
 * @returns the program in it; `packages.json` beside it lists the packages inside, `parts.json` those of each of its parts
 * @throws Error with esbuild's own words; a warning is an error
 */
export function bundle(root: string, target: string): string {
  bundleProgram(root, target);
  return join(target, 'main.js');
}

/** As `bundle`. @returns `name@version` of each package inside */
export function bundleProgram(root: string, target: string): readonly string[] {
  const options: BuildOptions = {
    define: {
      CRANKBACK_BUILD: JSON.stringify(factsOf(root)),
      CRANKBACK_BUNDLED: 'true',
      CRANKBACK_DEFAULT_TREATMENTS: JSON.stringify(treatmentsInYaml()),
    },
    external: [...APART, ...LEFT_OUT],
    alias: { request: join(root, REQUEST) },
  };
  const packages = [
    ...new Set([
      ...bundled(root, target, { ...options, entryPoints: ENTRIES }),
      ...bundled(root, target, {
        ...options,
        entryPoints: ENTRIES_OF_MODULES,
        mainFields: ['module', 'main'],
      }),
      ...bundleCommands(root, target, options),
      ...bundleDashboard(root, join(target, 'dashboard')),
    ]),
  ].sort();
  copy(root, target, DATA);
  writeTexts(join(target, 'texts'));
  writeJson(join(target, 'packages.json'), packages);
  return packages;
}

/** The library as one file, `index.js`, with its packages inside. @returns `name@version` of each */
export function bundleLibrary(root: string, target: string): readonly string[] {
  const packages = bundled(root, target, { entryPoints: ['src/index.ts'] });
  copy(root, target, LIBRARY_DATA);
  return packages;
}

/** Scripts for browsers, each as one file, with their packages inside. @returns `name@version` of each */
export function bundleForBrowsers(
  root: string,
  target: string,
  entryPoints: readonly string[],
): readonly string[] {
  return bundled(root, target, {
    entryPoints: [...entryPoints],
    platform: 'browser',
    target: 'es2020',
    format: 'iife',
    minify: true,
    jsx: 'automatic',
    jsxImportSource: 'preact',
  });
}

/**
 * The commands in parts: with all of them in one file, Node scans a megabyte for each. esbuild makes parts of ES modules
 * alone, which Node would load asynchronously, so each becomes a CommonJS one afterwards.
 */
function bundleCommands(root: string, target: string, given: BuildOptions): readonly string[] {
  // The package's modules: of its form for Node nothing can be left out.
  const yaml = join(root, 'node_modules/yaml/browser/dist/index.js');
  const options = { ...given, alias: { ...given.alias, yaml } };
  const alone = bundled(root, target, { ...options, entryPoints: [COMMAND_ALONE] });
  const result = built(root, target, {
    ...options,
    entryPoints: [COMMANDS],
    format: 'esm',
    splitting: true,
    chunkNames: `${PART}[hash]`,
    supported: {},
    write: false,
  });
  const old = readdirSync(target).filter((name) => name.startsWith(PART));
  for (const name of old) rmSync(join(target, name));
  for (const { path, text } of result.outputFiles ?? []) {
    const { code, warnings } = transformSync(text, { ...OF_NODE, format: 'cjs' });
    refuse(warnings);
    writeFileSync(path, code, { mode: basename(path).startsWith(PART) ? 0o644 : 0o755 });
  }
  const { inputs = {}, outputs = {} } = result.metafile ?? {};
  const inside = Object.entries(outputs).map(([path, { inputs: files }]) => {
    const used = Object.keys(files).filter((file) => (files[file]?.bytesInOutput ?? 0) > 0);
    return [basename(path), packagesOf(root, used)] as const;
  });
  inside.push([basename(COMMAND_ALONE).replace(/ts$/, 'js'), alone]);
  writeJson(join(target, 'parts.json'), Object.fromEntries(inside));
  return [...alone, ...packagesOf(root, Object.keys(inputs))];
}

/** Of what Node runs. */
const OF_NODE = {
  platform: 'node',
  target: 'node20',
  // Node's import() of the service would look through all of it for its exports: 0.6 s.
  supported: { 'dynamic-import': false },
  // swagger-client assigns to variables that it never declares.
  tsconfigRaw: { compilerOptions: { alwaysStrict: false, target: 'es2022' } },
  // Half as much to read and to scan; names stay, for traces of errors. A line is short enough to be shown in one.
  minifyWhitespace: true,
  minifySyntax: true,
  lineLimit: 160,
  logLevel: 'silent',
} as const satisfies BuildOptions;

/** The dashboard: one page, one script, one style sheet. @returns `name@version` of each package inside */
export function bundleDashboard(root: string, target: string): readonly string[] {
  const packages = bundleForBrowsers(root, target, ['web/dashboard.tsx']);
  copy(root, target, ['web/index.html', 'web/icon.svg']);
  return packages;
}

function bundled(root: string, target: string, options: BuildOptions): readonly string[] {
  return packagesOf(root, Object.keys(built(root, target, options).metafile?.inputs ?? {}));
}

function built(root: string, target: string, options: BuildOptions): BuildResult {
  const result = buildSync({
    ...OF_NODE,
    metafile: true,
    absWorkingDir: root,
    outdir: target,
    entryNames: '[name]',
    bundle: true,
    format: 'cjs',
    ...options,
  });
  refuse(result.warnings);
  return result;
}

/** @throws Error: a warning is one */
function refuse(warnings: readonly { readonly text: string }[]): void {
  if (warnings.length > 0) throw new Error(warnings.map(({ text }) => text).join('\n'));
}

function writeJson(path: string, data: unknown): void {
  writeFileSync(path, `${JSON.stringify(data, null, 2)}\n`);
}

function copy(root: string, target: string, paths: readonly string[]): void {
  for (const path of paths) {
    cpSync(join(root, path), join(target, basename(path)), { recursive: true });
  }
}

/** Checked here, so that no command has to: see loadTexts. */
function writeTexts(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const language of LANGUAGES) {
    writeFileSync(join(folder, `${language}.json`), JSON.stringify(loadTexts(language)));
  }
}

/** `name@version` of each package that has a file in the bundle, by its own package.json. */
function packagesOf(root: string, inputs: readonly string[]): readonly string[] {
  const folders = inputs.flatMap(
    (input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(input)?.[0] ?? [],
  );
  const names = [...new Set(folders)].map((folder) => {
    const { name, version } = manifestIn(join(root, folder));
    return `${name}@${version}`;
  });
  return [...new Set(names)].sort();
}

function manifestIn(folder: string): { readonly name: string; readonly version: string } {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    name: string;
    version: string;
  };
}

function factsOf(root: string): BuildFacts {
  const { version } = manifestIn(root);
  return {
    version,
    commit: commitOf(root),
    contracts: { asterisk: ASTERISK, freeswitch: FREESWITCH },
  };
}
