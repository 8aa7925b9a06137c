/**
 * The program as it is shipped: few files instead of 1,200 modules, with the packages inside as package-lock.json has
 * them. An installation therefore has the patched versions, and a command is there at once.
 */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { buildSync, type BuildOptions } from 'esbuild';
import { CONTRACT_VERSION as ASTERISK } from '../../adapters/asterisk/handover/contract';
import { CONTRACT_VERSION as FREESWITCH } from '../../adapters/freeswitch/handover/contract';
import type { BuildFacts } from '../../src/cli/version';
import { LANGUAGES, loadTexts } from '../../src/explain/texts';
import { commitOf } from './commit';

/** Each is loaded by itself: the commands, the service, the threads of the policy, of the journal and of HTTP. */
const ENTRIES = [
  'src/main.ts',
  'src/service.ts',
  'src/examine.ts',
  'src/policy-file/watch/load-worker.ts',
  'src/journal/thread/journal-worker.ts',
  'src/http/desk/desk-worker.ts',
];

/** What the program reads while it runs, from its own folder. */
const DATA = [
  'src/policy-file/defaults.yaml',
  'adapters/redis/lua',
  'node_modules/node-sqlite3-wasm/dist/node-sqlite3-wasm.wasm',
];

/** What an entry loads of the others, which stay files of their own. */
const APART = ['*/service.js', '*/examine.js'];

/** Packages that others try to load and do without; they are here for tools of development only. */
const LEFT_OUT = ['supports-color'];

/** What the library reads, from its own folder. */
const LIBRARY_DATA = ['src/policy-file/defaults.yaml'];

/**
 * @param root the project's folder, with node_modules
 * @param target folder of the bundle; files of the same name are replaced
 * @returns the program in it; `packages.json` beside it lists the packages inside
 * @throws Error with esbuild's own words; a warning is an error
 */
export function bundle(root: string, target: string): string {
  bundleProgram(root, target);
  return join(target, 'main.js');
}

/** As `bundle`. @returns `name@version` of each package inside */
export function bundleProgram(root: string, target: string): readonly string[] {
  const ofProgram = bundled(root, target, {
    entryPoints: ENTRIES,
    define: { CRANKBACK_BUILD: JSON.stringify(factsOf(root)) },
    external: [...APART, ...LEFT_OUT],
  });
  const ofDashboard = bundleDashboard(root, join(target, 'dashboard'));
  const packages = [...new Set([...ofProgram, ...ofDashboard])].sort();
  copy(root, target, DATA);
  writeTexts(join(target, 'texts'));
  writeFileSync(join(target, 'packages.json'), `${JSON.stringify(packages, null, 2)}\n`);
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

/** The dashboard: one page, one script, one style sheet. @returns `name@version` of each package inside */
export function bundleDashboard(root: string, target: string): readonly string[] {
  const packages = bundleForBrowsers(root, target, ['web/dashboard.tsx']);
  copy(root, target, ['web/index.html', 'web/icon.svg']);
  return packages;
}

function bundled(root: string, target: string, options: BuildOptions): readonly string[] {
  const { warnings, metafile } = buildSync({
    metafile: true,
    absWorkingDir: root,
    outdir: target,
    entryNames: '[name]',
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    // Node's import() of the service would look through all of it for its exports: 0.6 s.
    supported: { 'dynamic-import': false },
    // swagger-client assigns to variables that it never declares.
    tsconfigRaw: { compilerOptions: { alwaysStrict: false, target: 'es2022' } },
    logLevel: 'silent',
    ...options,
  });
  if (warnings.length > 0) throw new Error(warnings.map(({ text }) => text).join('\n'));
  return packagesOf(root, Object.keys(metafile?.inputs ?? {}));
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
