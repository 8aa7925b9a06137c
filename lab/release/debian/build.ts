/** The Debian package, by debhelper, out of the folder that is packed for npm. */
import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ran } from '../ran';
import { manPage } from './man-page';

const TEMPLATE = 'lab/release/debian/template';
const CONFIGURATION = 'lab/release/debian/etc';
/** Where nobody says who builds: a domain that never exists. */
const MAINTAINER = 'crankback maintainers <maintainers@crankback.invalid>';

/** What a build needs beside the staged package. */
export interface DebianBuild {
  /** The project's folder. */
  readonly root: string;
  /** dist/package. */
  readonly staged: string;
  /** Is made anew; the package is put beside it. */
  readonly folder: string;
  readonly version: string;
  /** Of the version: the same sources give the same package. */
  readonly date: Date;
  /** As Debian's tools name whoever builds: DEBFULLNAME and DEBEMAIL. */
  readonly env: NodeJS.ProcessEnv;
}

/**
 * @returns path of the package
 * @throws Error with the words of Debian's tools; they are in the package `debhelper`
 */
export function buildDebian({ root, staged, folder, version, date, env }: DebianBuild): string {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const debian = join(folder, 'debian');
  const files = join(folder, 'files');
  cpSync(join(root, TEMPLATE), debian, { recursive: true });
  cpSync(staged, files, { recursive: true });
  cpSync(join(root, CONFIGURATION), join(files, 'etc'), { recursive: true });
  const { DEBFULLNAME: name, DEBEMAIL: address } = env;
  const values = {
    VERSION: version,
    DATE: date.toUTCString().replace('GMT', '+0000'),
    MAINTAINER: name && address ? `${name} <${address}>` : MAINTAINER,
  };
  for (const file of ['control', 'changelog']) fillIn(join(debian, file), values);
  chmodSync(join(debian, 'rules'), 0o755);
  const main = join(files, 'program/main.js');
  const helpOf = (...command: readonly string[]): string =>
    ran(process.execPath, [main, ...command, '--help'], files);
  const day = date.toISOString().slice(0, 10);
  writeFileSync(join(files, 'crankback.1'), manPage(version, day, helpOf));
  const epoch = String(Math.floor(date.getTime() / 1_000));
  const build = ['dpkg-buildpackage', '--build=binary', '--no-sign', '--no-check-builddeps'];
  ran('env', [`SOURCE_DATE_EPOCH=${epoch}`, ...build], folder);
  return join(folder, '..', `crankback_${version}_all.deb`);
}

/** @throws Error naming a value that the file asks for and nobody has */
function fillIn(file: string, values: Readonly<Record<string, string>>): void {
  const text = readFileSync(file, 'utf8').replace(/@([A-Z]+)@/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`${file}: nothing is known for ${whole}`);
    return value;
  });
  writeFileSync(file, text);
}
