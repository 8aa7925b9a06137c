/** The relevant parts of package-lock.json, and of npm's copy of it in node_modules. */
export interface PackageLock {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

interface LockedPackage {
  /** Where it is not the folder's: an override. */
  readonly name?: string;
  readonly version?: string;
  /** As the package's own field says. */
  readonly license?: string;
  readonly integrity?: string;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly optional?: boolean;
}

/**
 * The folders below the root that `npm ci --omit=dev` would leave in node_modules, for an installation with
 * development packages. Throws if the installed packages are not the locked ones.
 */
export function productionPackages(locked: PackageLock, installed: PackageLock): string[] {
  return Object.entries(locked.packages).flatMap(([path, wanted]) => {
    if (!path.startsWith('node_modules/') || wanted.dev || wanted.devOptional) return [];
    const found = installed.packages[path];
    // Optional packages for other platforms are locked but not installed.
    if (found === undefined && wanted.optional) return [];
    if (found?.version !== wanted.version || found?.integrity !== wanted.integrity) {
      throw new Error(
        `${path} is not installed as package-lock.json says (wanted ${wanted.version ?? 'a link'}, found ${found?.version ?? 'nothing'}). What to do: npm ci`,
      );
    }
    return [path];
  });
}
