import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { containerProxyVariables } from '../debian/apt-proxy';
import type { DockerTools } from './tools';
import { hashFolder, hashTexts } from '../hash-files';
import { logFolder, programFolder, repositoryRoot } from '../paths';
import { BASE_IMAGE } from '../plan';
import { run, tryRun } from '../run-command';

export const LAB_IMAGES = ['asterisk', 'sipp', 'redis', 'crankback'] as const;
/** Needed only by `npm run bench`. */
export const BENCH_IMAGE = 'bench';
export type LabImage = (typeof LAB_IMAGES)[number] | typeof BENCH_IMAGE;

/** Names an image of the user's own; docker-compose.yml reads it too. */
const OWN_ASTERISK = 'CRANKBACK_LAB_ASTERISK_IMAGE';

const INPUT_HASH_LABEL = 'crankback.lab.input-hash';

/** The tag that docker-compose.yml uses for an image of the lab. */
export function imageTag(image: LabImage): string {
  return `crankback-lab/${image}`;
}

/**
 * Builds the lab's images that are missing or whose inputs (Dockerfile, context, base image) have changed.
 * Expects a finished `npm run build` for the service's own image.
 */
export async function buildImages(
  tools: DockerTools,
  options: { log(line: string): void; images?: readonly LabImage[] },
): Promise<void> {
  await mkdir(logFolder, { recursive: true });
  const own = process.env[OWN_ASTERISK];
  if (own) options.log(`image ${own}: yours (${OWN_ASTERISK}), used as it is`);
  const images = (options.images ?? LAB_IMAGES).filter((image) => !own || image !== 'asterisk');
  const baseId = await imageField(tools, BASE_IMAGE, '{{.Id}}');
  // Waits for all, so that one image's failure leaves no builds running unseen.
  const outcomes = await Promise.allSettled(
    images.map((image) => buildIfChanged(tools, image, baseId, (line) => options.log(line))),
  );
  const failures = outcomes.flatMap((outcome) =>
    outcome.status === 'rejected' ? [String((outcome.reason as Error).message)] : [],
  );
  if (failures.length > 0) throw new Error(failures.join('\n\n'));
}

async function buildIfChanged(
  tools: DockerTools,
  image: LabImage,
  baseId: string,
  log: (line: string) => void,
): Promise<void> {
  const folder = join(repositoryRoot, 'lab', 'images', image);
  const dockerfile = join(folder, 'Dockerfile');
  const isService = image === 'crankback';
  const contextHash = isService ? await hashFolder(programFolder) : '';
  const inputHash = hashTexts([baseId, await readFile(dockerfile, 'utf8'), contextHash]);
  const tag = imageTag(image);
  const builtHash = await imageField(tools, tag, `{{index .Config.Labels "${INPUT_HASH_LABEL}"}}`);
  if (builtHash === inputHash) {
    log(`image ${tag}: unchanged`);
    return;
  }

  const replaced = builtHash === '' ? '' : await imageField(tools, tag, '{{.Id}}');
  const startedAt = Date.now();
  log(`image ${tag}: building`);
  const logFile = join(logFolder, `build-${image}.log`);
  await run(
    [
      ...tools.build,
      '--file',
      dockerfile,
      '--tag',
      tag,
      '--label',
      `${INPUT_HASH_LABEL}=${inputHash}`,
      ...containerProxyVariables(process.env).flatMap(([name]) => ['--build-arg', name]),
      isService ? programFolder : folder,
    ],
    `read ${logFile}; the packages come from the mirror that ${BASE_IMAGE} names`,
    { env: tools.env, logFile },
  );
  // Removes only images built here; the engine refuses while a container uses one.
  if (replaced !== '') await tryRun([...tools.docker, 'image', 'rm', replaced], { env: tools.env });
  log(`image ${tag}: built in ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
}

/** Empty if there is no such image. */
async function imageField(tools: DockerTools, image: string, format: string): Promise<string> {
  const argv = [...tools.docker, 'image', 'inspect', '--format', format, image];
  const { exitCode, stdout } = await tryRun(argv, { env: tools.env });
  return exitCode === 0 ? stdout.trim() : '';
}
