/**
 * The documentation as a site that needs no server and no network: every page of the project as HTML, and a search over
 * all of them. Eleventy makes the pages; what is shipped of packages (the search) is bundled like the program.
 */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { buildSync } from 'esbuild';
import { bundleForBrowsers } from '../bundle';
import { ran } from '../ran';
import { placesIn } from './places';

const HERE = 'lab/release/site';
const GENERATOR = 'node_modules/@11ty/eleventy/cmd.cjs';

/** What Eleventy prints of a page: its text, and where it belongs. */
interface Made {
  /** `./_site/policy.html`; nothing is written there. */
  readonly outputPath: string;
  readonly content: string;
}

/**
 * Builds the site anew.
 * @param root the project's folder, with node_modules
 * @returns `name@version` of each package inside
 * @throws Error in the generator's or the bundler's words
 */
export function buildSite(root: string, target: string): readonly string[] {
  rmSync(target, { recursive: true, force: true });
  for (const { outputPath, content } of made(root))
    write(join(target, relative('_site', outputPath)), content);
  const assets = join(target, 'assets');
  cpSync(join(root, HERE, 'template/style.css'), join(assets, 'style.css'));
  for (const [file, place] of placesIn(root).assets) copy(join(root, file), join(target, place));
  return bundleForBrowsers(root, assets, [join(HERE, 'browser/search.ts')]);
}

/** Eleventy is an ES module and reads JavaScript, so it runs by itself, with its configuration bundled for it. */
function made(root: string): readonly Made[] {
  mkdirSync(join(root, 'dist'), { recursive: true });
  const folder = mkdtempSync(join(root, 'dist/site-'));
  try {
    const config = join(folder, 'config.cjs');
    buildSync({
      absWorkingDir: root,
      entryPoints: [join(HERE, 'config.ts')],
      outfile: config,
      bundle: true,
      platform: 'node',
      packages: 'external',
      format: 'cjs',
      logLevel: 'silent',
    });
    const args = [GENERATOR, '--quiet', '--to=json', `--config=${relative(root, config)}`];
    return JSON.parse(ran(process.execPath, args, root)) as readonly Made[];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to);
}
