import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
/** Inside the project, where its packages are found. */
const CACHE = join(ROOT, '.cache');
const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');

/** Output and exit code of a program. */
export interface Ran {
  readonly code: number | null;
  readonly out: string;
}

/** A project with the library in its `node_modules`, as after an installation. */
export interface Project {
  /** Remove it afterwards. */
  readonly folder: string;
  /** The installed package. */
  readonly installed: string;
  /** Runs a Node program in the folder; both outputs are merged. */
  run(...args: readonly string[]): Ran;
  /** Runs the TypeScript compiler in the folder. */
  tsc(...args: readonly string[]): Ran;
}

/**
 * Compiles the library in its present state, so that no test depends on a build, with the options of the
 * project's own tsconfig.json. Does not check its types: the type check does that.
 */
export function projectWithLibrary(): Project {
  mkdirSync(CACHE, { recursive: true });
  const folder = mkdtempSync(join(CACHE, 'library-'));
  const installed = join(folder, 'node_modules/crankback');
  const dist = join(installed, 'dist');
  mkdirSync(join(folder, 'node_modules/@types'), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules/@types/node'), join(folder, 'node_modules/@types/node'));
  // Without it the folder would belong to this project, which has the library's name.
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'application' }));
  cpSync(join(ROOT, 'package.json'), join(installed, 'package.json'));
  const build = {
    extends: join(ROOT, 'tsconfig.json'),
    compilerOptions: {
      noCheck: true,
      rootDir: ROOT,
      outDir: dist,
      types: ['node'],
      typeRoots: [join(ROOT, 'node_modules/@types')],
    },
    include: [],
    files: [join(ROOT, 'src/index.ts')],
  };
  writeFileSync(join(folder, 'build.json'), JSON.stringify(build));
  const run = (...args: readonly string[]): Ran => {
    const { status, stdout, stderr } = spawnSync(process.execPath, args, {
      cwd: folder,
      encoding: 'utf8',
    });
    return { code: status, out: stdout + stderr };
  };
  const tsc = (...args: readonly string[]): Ran => run(TSC, ...args);
  const { code, out } = tsc('-p', 'build.json');
  if (code !== 0) throw new Error(`the library cannot be compiled:\n${out}`);
  const defaults = 'src/policy-file/defaults.yaml';
  cpSync(join(ROOT, defaults), join(dist, defaults));
  return { folder, installed, run, tsc };
}
