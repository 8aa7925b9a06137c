import { existsSync } from 'node:fs';
import { mkdir, readdir, readlink, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { readDebianMirror } from '../debian/apt-sources';
import { requireDebianKeyring } from '../debian/keyring';
import { aptFolder, dockerConfigFolder, toolsFolder } from '../paths';
import type { CliPlugin } from '../plan';
import { run, succeeds } from '../run-command';

const PLUGINS_OF_DEBIAN = join('usr', 'libexec', 'docker', 'cli-plugins');
const ALL_PLUGINS = ['compose', 'buildx'] as const;
const PROBE_LIMIT_MS = 15_000;
const RELEASE_WITH_PLUGINS = 'forky';

/** The client's plugins, and the environment in which it finds the unpacked ones. */
export interface PluginState {
  readonly env: NodeJS.ProcessEnv;
  readonly answering: readonly CliPlugin[];
}

/** Prefers the user's own plugins: a complete docker is used unchanged. */
export async function findPlugins(): Promise<PluginState> {
  const own = await answeringPlugins(process.env);
  if (own.length === ALL_PLUGINS.length || !existsSync(toolsFolder)) {
    return { env: process.env, answering: own };
  }
  await linkDockerConfig();
  const env = { ...process.env, DOCKER_CONFIG: dockerConfigFolder };
  return { env, answering: await answeringPlugins(env) };
}

async function answeringPlugins(env: NodeJS.ProcessEnv): Promise<CliPlugin[]> {
  const answers = await Promise.all(
    ALL_PLUGINS.map((plugin) =>
      succeeds(['docker', plugin, 'version'], { env, timeLimitMs: PROBE_LIMIT_MS }),
    ),
  );
  return ALL_PLUGINS.filter((_, index) => answers[index]);
}

/**
 * Fetches plugins of the docker client as Debian packages and unpacks them beside the lab. The machine's
 * own apt does not see the newer release: all of apt's state is in .cache.
 */
export async function unpackPlugins(plugins: readonly CliPlugin[]): Promise<void> {
  const downloads = join(aptFolder, 'downloads');
  await rm(downloads, { recursive: true, force: true });
  for (const folder of ['state/lists/partial', 'cache/archives/partial', 'downloads']) {
    await mkdir(join(aptFolder, folder), { recursive: true });
  }
  const mirror = await readDebianMirror();
  const sources = join(aptFolder, 'sources.list');
  const signedBy = `signed-by=${requireDebianKeyring()}`;
  await writeFile(sources, `deb [${signedBy}] ${mirror} ${RELEASE_WITH_PLUGINS} main\n`);
  await writeFile(join(aptFolder, 'status'), '');

  const apt = ['apt-get', ...privateAptOptions(sources)];
  const whatToDo = `see that ${mirror} is reachable, or install docker's compose and buildx plugins yourself`;
  await run([...apt, 'update'], whatToDo);
  const packages = plugins.map((plugin) => `docker-${plugin}`);
  await run([...apt, 'download', ...packages], whatToDo, { cwd: downloads });

  // Unpacked elsewhere and renamed, so that an interrupted run leaves no partial tool.
  const unpacked = join(aptFolder, 'unpacked');
  await rm(unpacked, { recursive: true, force: true });
  for (const name of await readdir(downloads)) {
    await run(['dpkg-deb', '-x', join(downloads, name), unpacked], `delete ${aptFolder}, retry`);
  }
  await mkdir(toolsFolder, { recursive: true });
  for (const name of await readdir(join(unpacked, PLUGINS_OF_DEBIAN))) {
    await rename(join(unpacked, PLUGINS_OF_DEBIAN, name), join(toolsFolder, name));
  }
  await rm(aptFolder, { recursive: true, force: true });
}

function privateAptOptions(sources: string): string[] {
  const settings = {
    'Dir::State': join(aptFolder, 'state'),
    'Dir::State::status': join(aptFolder, 'status'),
    'Dir::Cache': join(aptFolder, 'cache'),
    'Dir::Etc::SourceList': sources,
    'Dir::Etc::SourceParts': '/dev/null',
    'Dir::Etc::Preferences': '/dev/null',
    'Dir::Etc::PreferencesParts': '/dev/null',
    // A mirror may lag behind Debian, and forky's Release files expire within days.
    'Acquire::Check-Valid-Until': 'false',
    'Acquire::Languages': 'none',
    // apt switches to an unprivileged user, who may have no access to the repository's folder.
    'APT::Sandbox::User': 'root',
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
}

/**
 * The client looks for plugins in its configuration folder. This makes one with the user's own files
 * (contexts, credentials, plugins) and the unpacked plugins. Links, so that no secret is copied.
 */
async function linkDockerConfig(): Promise<void> {
  const own = process.env.DOCKER_CONFIG ?? join(homedir(), '.docker');
  if (own === dockerConfigFolder) return;
  const plugins = join(dockerConfigFolder, 'cli-plugins');
  await mkdir(plugins, { recursive: true });
  for (const name of ['config.json', 'contexts']) {
    await link(join(own, name), join(dockerConfigFolder, name));
  }
  for (const folder of [join(own, 'cli-plugins'), toolsFolder]) {
    for (const name of await readdir(folder).catch(() => [])) {
      await link(join(folder, name), join(plugins, name));
    }
  }
}

async function link(target: string, path: string): Promise<void> {
  // Another run may be using the link, so a correct link is left alone.
  if (existsSync(target) && (await readlink(path).catch(() => '')) === target) return;
  await rm(path, { recursive: true, force: true });
  if (existsSync(target)) await symlink(target, path);
}
