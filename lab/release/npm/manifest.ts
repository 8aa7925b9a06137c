/** The parts of the project's package.json that the published one is made of. */
export interface ProjectManifest {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly keywords: readonly string[];
  readonly license: string;
  readonly engines: Readonly<Record<string, string>>;
}

/** Folders of the package; whatever is not here does not get in. */
export const FOLDERS = {
  /** The commands and the service, with the packages inside. */
  program: 'program',
  /** What `require('crankback')` gives, with the packages inside. */
  library: 'library',
  /** Declarations of the library. */
  types: 'types',
} as const;

/**
 * package.json as it is published. The project's own says how to develop crankback: its dependencies are inside the
 * bundles by now, so that an installation takes the versions that were tested, among them those of `overrides`, which
 * npm obeys in a project alone and never in an installed package.
 */
export function publishedManifest(project: ProjectManifest): Readonly<Record<string, unknown>> {
  const { name, version, description, keywords, license, engines } = project;
  const types = `./${FOLDERS.types}/src/index.d.ts`;
  const library = `./${FOLDERS.library}/index.js`;
  return {
    name,
    version,
    description,
    keywords,
    license,
    type: 'commonjs',
    main: library,
    types,
    exports: { '.': { types, default: library }, './package.json': './package.json' },
    bin: { crankback: `${FOLDERS.program}/main.js` },
    engines,
    files: ['**'],
  };
}
