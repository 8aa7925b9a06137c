import type { PackageLock } from './package-lock';

/** Licences, as SPDX names them, under which a package may come with crankback. */
const ACCEPTED: ReadonlySet<string> = new Set([
  '(MIT OR Apache-2.0)',
  '(AFL-2.1 OR BSD-3-Clause)',
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'MIT-0',
  'Unlicense',
]);

/** A package whose own `license` field says nothing usable; docs/dependencies.md gives the reason. */
export interface LicenceByReading {
  /** SPDX. */
  readonly licence: string;
  /** Where it is stated, in the package's folder. */
  readonly stated: string;
}

/** By name and version: another version has to be read again. */
export const BY_READING: Readonly<Record<string, LicenceByReading>> = {
  'ax@0.1.8': { licence: 'MIT', stated: 'ReadMe.md' },
  'modesl@1.2.1': { licence: 'MPL-2.0', stated: 'LICENSE' },
  'shred@0.8.10': { licence: 'MIT', stated: 'README.md' },
  'sprintf@0.1.1': { licence: 'BSD-3-Clause', stated: 'lib/sprintf.js' },
  'swagger-client@2.0.26': { licence: 'Apache-2.0', stated: 'LICENSE' },
};

/** A package that comes with crankback. */
export interface Shipped {
  /** In the project's folder, `node_modules/ax`. */
  readonly path: string;
  readonly name: string;
  readonly version: string;
  /** SPDX; absent if nobody knows. */
  readonly licence?: string;
  /** Where it was found by reading; absent if the package's field says it. */
  readonly stated?: string;
}

/** The packages of an installation without those for development, by name. */
export function shippedPackages({ packages }: PackageLock): readonly Shipped[] {
  return Object.entries(packages)
    .filter(([path, { dev, devOptional }]) => path !== '' && !dev && !devOptional)
    .map(([path, { name, version = '', license }]) => {
      // An override is installed in the folder of what it replaces.
      const own = name ?? path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
      const read = BY_READING[`${own}@${version}`];
      const licence = license !== undefined && ACCEPTED.has(license) ? license : read?.licence;
      return {
        path,
        name: own,
        version,
        ...(licence !== undefined && { licence }),
        ...(licence !== license && read && { stated: read.stated }),
      };
    })
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** @throws Error naming every package that must not be shipped before somebody has looked at its licence */
export function requireLicences(shipped: readonly Shipped[]): void {
  const without = shipped.filter(({ licence }) => licence === undefined);
  if (without.length === 0) return;
  const names = without.map(({ name, version }) => `${name}@${version}`).join(', ');
  throw new Error(
    `no accepted licence: ${names}. Read its licence and add it to lab/release/licences.ts, with the reason in docs/dependencies.md; or use another package`,
  );
}
