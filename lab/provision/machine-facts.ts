import { existsSync } from 'node:fs';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { administratorEnvironment } from './debian/administrator-environment';
import { findPlugins } from './docker/cli-plugins';
import { debianKeyring } from './debian/keyring';
import { BASE_IMAGE, type MachineFacts } from './plan';
import { succeeds, tryRun } from './run-command';

const PROBE_LIMIT_MS = 15_000;

/** Examines the machine without changing it. */
export async function gatherMachineFacts(): Promise<MachineFacts> {
  const [engine, plugins, hasBaseImage, ...found] = await Promise.all([
    probeEngine(),
    findPlugins(),
    succeeds(['docker', 'image', 'inspect', BASE_IMAGE], { timeLimitMs: PROBE_LIMIT_MS }),
    isOnPath('apt-get'),
    isOnPath('docker'),
    isOnPath('dockerd'),
    isOnPath('iptables'),
    isOnPath('mmdebstrap'),
  ]);
  const [hasApt = false, hasDockerClient = false, hasDockerd = false, ...rest] = found;
  const [hasIptables = false, hasMmdebstrap = false] = rest;
  return {
    isRoot: process.getuid?.() === 0,
    hasApt,
    engine,
    dockerHost: process.env.DOCKER_HOST,
    hasDockerClient,
    hasDockerd,
    // The folder exists exactly when systemd was booted as init, see sd_booted(3).
    runsSystemd: existsSync('/run/systemd/system'),
    hasIptables,
    hasMmdebstrap,
    hasCertificates: existsSync('/etc/ssl/certs/ca-certificates.crt'),
    hasDebianKeyring: debianKeyring() !== undefined,
    answeringPlugins: plugins.answering,
    hasBaseImage,
  };
}

/** The engine's version, or why there is none. */
export async function probeEngine(): Promise<MachineFacts['engine']> {
  const argv = ['docker', 'version', '--format', '{{.Server.Version}}'];
  const { exitCode, stdout, stderr, trouble } = await tryRun(argv, { timeLimitMs: PROBE_LIMIT_MS });
  if (exitCode === 0) return { version: stdout.trim() };
  const lastLine = stderr.trim().split('\n').at(-1);
  return { trouble: trouble ?? (lastLine || 'docker version failed') };
}

async function isOnPath(program: string): Promise<boolean> {
  const folders = (administratorEnvironment().PATH ?? '').split(delimiter);
  const tries = folders.map((folder) => access(join(folder, program), constants.X_OK));
  return (await Promise.allSettled(tries)).some(({ status }) => status === 'fulfilled');
}
