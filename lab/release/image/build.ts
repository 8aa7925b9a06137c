import { join } from 'node:path';
import { containerProxyVariables } from '../../provision/debian/apt-proxy';
import type { DockerTools } from '../../provision';
import { run } from '../../provision/run-command';

const DOCKERFILE = 'lab/release/image/Dockerfile';
const LABEL = 'org.opencontainers.image';

/** What an image is made of. */
export interface ImageBuild {
  /** The project's folder. */
  readonly root: string;
  /** dist/package. */
  readonly staged: string;
  readonly tag: string;
  readonly version: string;
  readonly commit: string;
  /** Its Debian, such as `debian:trixie-slim`; is here already. */
  readonly base: string;
}

/**
 * Builds the image, and writes into its labels what it was made of, the base by its digest.
 * @throws CommandFailed with docker's own words
 */
export async function buildImage(tools: DockerTools, build: ImageBuild): Promise<void> {
  const { root, staged, tag, version, commit, base } = build;
  const pinned = await pin(tools, base);
  const labels = {
    [`${LABEL}.title`]: 'crankback',
    [`${LABEL}.version`]: version,
    [`${LABEL}.revision`]: commit,
    [`${LABEL}.licenses`]: 'Apache-2.0',
    [`${LABEL}.base.name`]: base,
    [`${LABEL}.base.digest`]: pinned.digest,
  };
  await run(
    [
      ...tools.build,
      ...['--file', join(root, DOCKERFILE), '--tag', tag, '--build-arg', `BASE=${pinned.from}`],
      ...Object.entries(labels).flatMap(([name, value]) => ['--label', `${name}=${value}`]),
      ...containerProxyVariables(process.env).flatMap(([name]) => ['--build-arg', name]),
      staged,
    ],
    'see that the Debian mirror is reachable from a container',
    { env: tools.env },
  );
}

/** An image that cannot change any more. */
interface Pinned {
  /** For `FROM`. */
  readonly from: string;
  /** `sha256:…` */
  readonly digest: string;
}

/**
 * As a registry has it, `debian@sha256:…`. An image that was made on this machine has an id only, which buildx would take
 * for a name: it gets a tag with the id in it.
 */
async function pin({ docker, env }: DockerTools, base: string): Promise<Pinned> {
  const format = '{{if .RepoDigests}}{{index .RepoDigests 0}}{{else}}{{.Id}}{{end}}';
  const inspect = [...docker, 'image', 'inspect', '--format', format, base];
  const found = (await run(inspect, `docker pull ${base}`, { env })).trim();
  const digest = found.slice(found.indexOf('@') + 1);
  if (found.includes('@')) return { from: found, digest };
  const from = `crankback-base:${digest.replace('sha256:', '').slice(0, 12)}`;
  await run([...docker, 'tag', base, from], 'see that the docker engine answers', { env });
  return { from, digest };
}
