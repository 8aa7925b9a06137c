/** The relevant parts of package-lock.json. */
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
