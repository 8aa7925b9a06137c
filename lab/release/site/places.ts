/** Which files of the project are in the site, and where. */
import { existsSync, readdirSync } from 'node:fs';
import { join, posix } from 'node:path';

/** Pages outside docs/, with their place. */
const OF_ROOT: Readonly<Record<string, string>> = {
  'README.md': 'index.html',
  'CHANGELOG.md': 'changelog.html',
  'CONTRIBUTING.md': 'contributing.html',
  'SECURITY.md': 'security.html',
};
/** Files that pages refer to, copied as they are. */
const ASSET = /\.(?:svg|png|yaml|json)$/;

/** Places in the site by file, both relative with `/`: `docs/adr/README.md` is `adr/index.html`. */
export interface Places {
  readonly pages: ReadonlyMap<string, string>;
  readonly assets: ReadonlyMap<string, string>;
}

/** All pages and assets of the project's folder. */
export function placesIn(root: string): Places {
  const files = readdirSync(join(root, 'docs'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) =>
      posix.join('docs', join(parentPath, name).slice(join(root, 'docs').length)),
    )
    .sort();
  const pages = files.filter((file) => file.endsWith('.md'));
  const assets = files.filter((file) => ASSET.test(file));
  const ofRoot = Object.entries(OF_ROOT).filter(([file]) => existsSync(join(root, file)));
  return {
    pages: new Map([...ofRoot, ...pages.map((file) => [file, placeOf(file)] as const)]),
    assets: new Map(assets.map((file) => [file, posix.relative('docs', file)])),
  };
}

function placeOf(file: string): string {
  const inside = posix.relative('docs', file);
  if (inside === 'README.md') return 'docs.html';
  return inside.replace(/(^|\/)README\.md$/, '$1index.md').replace(/\.md$/, '.html');
}

/** From one place of the site to another one: `../policy.html` of `problems/index.html` and `policy.html`. */
export function wayTo(from: string, to: string): string {
  return posix.relative(posix.dirname(from), to);
}
