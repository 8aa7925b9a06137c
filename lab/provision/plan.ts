/** Base of the lab's images, under the name that a registry would give it. */
export const BASE_IMAGE = 'debian:forky-slim';

export type CliPlugin = 'compose' | 'buildx';

/** Facts about the machine, gathered in machine-facts.ts. */
export interface MachineFacts {
  readonly isRoot: boolean;
  readonly hasApt: boolean;
  /** The engine's version if it answers, otherwise the client's message. */
  readonly engine: { readonly version: string } | { readonly trouble: string };
  /** Set if the user points the client at an engine elsewhere. */
  readonly dockerHost: string | undefined;
  readonly hasDockerClient: boolean;
  readonly hasDockerd: boolean;
  readonly runsSystemd: boolean;
  readonly hasIptables: boolean;
  readonly hasMmdebstrap: boolean;
  readonly hasCertificates: boolean;
  readonly hasDebianKeyring: boolean;
  readonly answeringPlugins: readonly CliPlugin[];
  readonly hasBaseImage: boolean;
}

export type Step =
  | {
      readonly kind: 'install-packages';
      readonly packages: readonly string[];
      /** Packages that exist only on some releases, where they are needed. */
      readonly whereTheyExist: readonly string[];
    }
  | { readonly kind: 'start-engine'; readonly by: 'systemd' | 'hand' }
  | { readonly kind: 'unpack-plugins'; readonly plugins: readonly CliPlugin[] }
  | { readonly kind: 'get-base-image'; readonly packagesToMakeIt: readonly string[] };

export interface Plan {
  readonly steps: readonly Step[];
  /** Why the steps are impossible here, each with a remedy; empty if they are possible. */
  readonly obstacles: readonly string[];
}

/** Plans what this machine needs before the lab's images can be built. */
export function planProvisioning(facts: MachineFacts): Plan {
  const obstacles: string[] = [];
  const missingPlugins = (['compose', 'buildx'] as const).filter(
    (plugin) => !facts.answeringPlugins.includes(plugin),
  );
  if ('trouble' in facts.engine) {
    const obstacle = whyEngineCannotBeStarted(facts, facts.engine.trouble);
    if (obstacle !== undefined) obstacles.push(obstacle);
  }
  if (missingPlugins.includes('compose') && !facts.hasApt) {
    obstacles.push(
      '"docker compose" (version 2 or later) does not answer and cannot be fetched without apt: install Docker\'s compose plugin.',
    );
  }
  if (obstacles.length > 0) return { steps: [], obstacles };

  const steps: Step[] = [];
  const unpacks = missingPlugins.length > 0 && facts.hasApt;
  const packages = packagesToInstall(facts, unpacks);
  if (packages.packages.length + packages.whereTheyExist.length > 0) {
    steps.push({ kind: 'install-packages', ...packages });
  }
  if ('trouble' in facts.engine) {
    steps.push({ kind: 'start-engine', by: facts.runsSystemd ? 'systemd' : 'hand' });
  }
  if (unpacks) steps.push({ kind: 'unpack-plugins', plugins: missingPlugins });
  if (!facts.hasBaseImage) {
    const later = packagesForBaseImage(facts).filter((name) => !packages.packages.includes(name));
    steps.push({ kind: 'get-base-image', packagesToMakeIt: later });
  }
  return { steps, obstacles };
}

/** The plan in words, one line per step, shown before any change. */
export function describePlan({ steps }: Plan): string[] {
  if (steps.length === 0)
    return ['nothing to install: docker, compose and the base image are here'];
  return steps.map((step) => {
    switch (step.kind) {
      case 'install-packages': {
        const optional = step.whereTheyExist.map((name) => `${name} where apt has it`);
        return `will install: ${[...step.packages, ...optional].join(', ')} (apt)`;
      }
      case 'start-engine':
        return step.by === 'systemd'
          ? 'will start: docker (systemctl)'
          : 'will start: dockerd (by hand, it stays running afterwards)';
      case 'unpack-plugins':
        return `will fetch: docker ${step.plugins.join(' and ')} (Debian packages unpacked into .cache/lab, not installed)`;
      case 'get-base-image': {
        const needs =
          step.packagesToMakeIt.length === 0
            ? ''
            : ` after installing ${step.packagesToMakeIt.join(', ')} (apt)`;
        return `will get: base image ${BASE_IMAGE} (pulled; if no registry answers, made from the Debian mirror${needs})`;
      }
    }
  });
}

function packagesToInstall(
  facts: MachineFacts,
  unpacksPlugins: boolean,
): { packages: string[]; whereTheyExist: string[] } {
  if (!facts.hasApt) return { packages: [], whereTheyExist: [] };
  const startsEngine = 'trouble' in facts.engine;
  const installsEngine = startsEngine && !facts.hasDockerd;
  const packages = [
    ...(installsEngine ? ['docker.io'] : []),
    ...(startsEngine && !facts.hasIptables ? ['iptables'] : []),
    // Probably needed soon; a second run of apt would cost more than the package.
    ...(installsEngine ? packagesForBaseImage(facts) : []),
    ...(installsEngine && !facts.hasCertificates ? ['ca-certificates'] : []),
    ...(unpacksPlugins && !facts.hasDebianKeyring ? ['debian-archive-keyring'] : []),
  ];
  return {
    packages: [...new Set(packages)],
    // Since trixie the client is its own package, which docker.io only recommends.
    whereTheyExist: startsEngine && !facts.hasDockerClient ? ['docker-cli'] : [],
  };
}

function packagesForBaseImage(facts: MachineFacts): string[] {
  return [
    ...(facts.hasMmdebstrap ? [] : ['mmdebstrap']),
    ...(facts.hasDebianKeyring ? [] : ['debian-archive-keyring']),
  ];
}

function whyEngineCannotBeStarted(facts: MachineFacts, trouble: string): string | undefined {
  if (facts.dockerHost !== undefined) {
    return `DOCKER_HOST is set but no engine answers there (${trouble}): start that engine, or unset DOCKER_HOST.`;
  }
  if (/permission denied/i.test(trouble)) {
    return `The docker engine does not let this user in (${trouble}): run as root, or add the user to the group "docker" and log in again.`;
  }
  const nothingToInstall = facts.hasDockerd && facts.hasDockerClient;
  if (!facts.hasApt && !nothingToInstall) {
    return `No docker engine answers (${trouble}) and this is no Debian-like system: install Docker with its compose and buildx plugins, start it, and try again.`;
  }
  if (!facts.isRoot) {
    return nothingToInstall
      ? `No docker engine answers (${trouble}) and only root can start it: start it (systemctl start docker), or run this as root.`
      : `No docker engine answers (${trouble}) and only root can install one: run this as root, or install it (apt-get install docker.io iptables mmdebstrap) and try again.`;
  }
  return undefined;
}
