import type { Shipped } from './licences';

/** The parts of npm's CycloneDX document that are changed here. */
export interface BillOfMaterials {
  readonly metadata: { readonly component: { readonly name: string } };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

interface Component {
  /** `@cypress/request@4.0.1`. */
  readonly 'bom-ref': string;
  readonly name: string;
  readonly version: string;
  readonly licenses?: readonly unknown[];
}

/**
 * What `npm sbom` says of all packages, for the shipped ones alone: its own `--omit dev` also leaves out packages that
 * both crankback and a tool for development need. npm names the project after its folder and an override after what it
 * replaces, and knows no licence but the one that a package's field says.
 * @throws Error naming a shipped package that npm does not list
 */
export function billOf(all: BillOfMaterials, name: string, shipped: readonly Shipped[]) {
  const packages = new Map(shipped.map((one) => [`${one.name}@${one.version}`, one]));
  const listed = new Set(all.components.map((component) => component['bom-ref']));
  const missing = [...packages.keys()].filter((ref) => !listed.has(ref));
  if (missing.length > 0) throw new Error(`npm sbom does not list ${missing.join(', ')}`);
  const root = all.dependencies.filter(({ ref }) => !listed.has(ref));
  return {
    ...all,
    metadata: { ...all.metadata, component: { ...all.metadata.component, name } },
    components: all.components.flatMap((component) => {
      const one = packages.get(component['bom-ref']);
      if (!one) return [];
      const licenses = component.licenses ?? [{ license: { id: one.licence } }];
      return [{ ...component, name: one.name, licenses }];
    }),
    dependencies: [...root, ...all.dependencies.filter(({ ref }) => packages.has(ref))].map(
      ({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((to) => packages.has(to)) }),
    ),
  };
}
