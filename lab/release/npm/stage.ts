/**
 * `dist/package`: the folder that is packed for npm, and installed by the Debian package. npm cannot leave the
 * dependencies out of the project's own package.json, so the package has one of its own.
 */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleLibrary, bundleProgram } from '../bundle';
import { writePapers } from '../papers';
import { buildSite } from '../site/build';
import { copyDeclarations } from './declarations';
import { FOLDERS, publishedManifest, type ProjectManifest } from './manifest';

/** What a user of the package reads or copies, under the names that the documentation calls them by. */
const FOR_USERS = [
  'README.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'LICENSE',
  'adapters/asterisk/dialplan',
  'adapters/freeswitch/dialplan',
];
/** Pages, also in folders, and examples; charts are in the site. */
const DOCS = /\.(?:md|yaml|json)$|^[a-z-]+$/;

/**
 * Makes the package's folder anew.
 * @param root the project's folder, built (`npm run build`)
 * @throws Error of the bundler or npm in their own words; of a package without an accepted licence
 */
export function stagePackage(root: string, target: string): void {
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  const packages = [
    ...bundleProgram(root, join(target, FOLDERS.program)),
    ...bundleLibrary(root, join(target, FOLDERS.library)),
    // The service serves it from the program's own folder, wherever a package puts that.
    ...buildSite(root, join(target, FOLDERS.program, 'site')),
  ];
  copyDeclarations(join(root, 'dist'), join(target, FOLDERS.types));
  for (const path of FOR_USERS) cpSync(join(root, path), join(target, path), { recursive: true });
  for (const name of readdirSync(join(root, 'docs')).filter((one) => DOCS.test(one))) {
    cpSync(join(root, 'docs', name), join(target, 'docs', name), { recursive: true });
  }
  writeUnit(root, target);
  writePapers(root, target, new Set(packages));
  const project = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as ProjectManifest;
  const manifest = JSON.stringify(publishedManifest(project), null, 2);
  writeFileSync(join(target, 'package.json'), `${manifest}\n`);
}

/** The unit of the Debian package, for whoever installs from npm; systemd looks in /usr/local/bin as well. */
function writeUnit(root: string, target: string): void {
  const unit = readFileSync(join(root, 'lab/release/debian/template/crankback.service'), 'utf8');
  mkdirSync(join(target, 'systemd'));
  writeFileSync(
    join(target, 'systemd/crankback.service'),
    unit.replace('ExecStart=/usr/bin/crankback', 'ExecStart=crankback'),
  );
}
