import { aptInstall } from './debian/apt-install';
import { getBaseImage } from './debian/base-image';
import { findPlugins, unpackPlugins } from './docker/cli-plugins';
import type { DockerTools } from './docker/tools';
import { startEngine } from './docker/engine';
import { gatherMachineFacts } from './machine-facts';
import { makeMountPoints } from './docker/mount-points';
import { composeFile, repositoryRoot } from './paths';
import { placeVariables } from './place';
import { describePlan, planProvisioning, type Step } from './plan';

export type { DockerTools } from './docker/tools';
export { BENCH_IMAGE, buildImages, imageTag, LAB_IMAGES, type LabImage } from './docker/images';
export { describePlan, planProvisioning, type MachineFacts, type Plan, type Step } from './plan';
export { gatherMachineFacts } from './machine-facts';

/**
 * Prepares the machine for building the lab's images: a running docker engine, compose and buildx, the base
 * image. Existing parts are used unchanged. Logs first what it will do.
 */
export async function provision(options: { log(line: string): void }): Promise<DockerTools> {
  const log = (line: string): void => options.log(line);
  const plan = planProvisioning(await gatherMachineFacts());
  if (plan.obstacles.length > 0) throw new Error(plan.obstacles.join('\n'));
  describePlan(plan).forEach(log);
  for (const step of plan.steps.filter(comesFirst)) await take(step, log);
  await Promise.all(plan.steps.filter((step) => !comesFirst(step)).map((step) => take(step, log)));
  await makeMountPoints();
  return dockerTools();
}

/** The engine and this machine's own packages; the other steps are independent of each other. */
function comesFirst({ kind }: Step): boolean {
  return kind === 'install-packages' || kind === 'start-engine';
}

async function take(step: Step, log: (line: string) => void): Promise<void> {
  switch (step.kind) {
    case 'install-packages':
      return aptInstall(step.packages, step.whereTheyExist);
    case 'start-engine':
      return startEngine(step.by, log);
    case 'unpack-plugins':
      return unpackPlugins(step.plugins);
    case 'get-base-image':
      return getBaseImage('forky', step.packagesToMakeIt, log);
  }
}

async function dockerTools(): Promise<DockerTools> {
  const { env: own, answering } = await findPlugins();
  const env = { ...own, ...placeVariables() };
  if (!answering.includes('compose')) {
    throw new Error(
      '"docker compose version" still does not answer. What to do: delete .cache/lab and try again, or install docker\'s compose plugin.',
    );
  }
  const hasBuildx = answering.includes('buildx');
  return {
    docker: ['docker'],
    compose: ['docker', 'compose', '--project-directory', repositoryRoot, '--file', composeFile],
    build: hasBuildx ? ['docker', 'buildx', 'build', '--load'] : ['docker', 'build'],
    // Without buildx, newer clients build only if told to use the engine's old builder.
    env: hasBuildx ? env : { ...env, DOCKER_BUILDKIT: '0' },
  };
}
