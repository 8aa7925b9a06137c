import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { administratorEnvironment } from './administrator-environment';
import { aptInstall } from './apt-install';
import { readAptProxies } from './apt-proxy';
import { readDebianMirror } from './apt-sources';
import { requireDebianKeyring } from './keyring';
import { cacheFolder, logFolder } from '../paths';
import { run, succeeds, tryRun } from '../run-command';

/** A registry that answers at all answers within this time; a refusal takes milliseconds. */
const REGISTRY_ANSWER_LIMIT_MS = 10_000;
const PULL_LIMIT_MS = 180_000;
const HOST_CERTIFICATES = '/usr/local/share/ca-certificates';
const HOST_BUNDLE = '/etc/ssl/certs/ca-certificates.crt';

/** Distinguishes an image made here from one of a registry. */
export const MADE_HERE_LABEL = 'crankback.base=mmdebstrap';

/** Debian's name of a release: `bookworm` (12), `trixie` (13), `forky`. */
export type DebianRelease = 'bookworm' | 'trixie' | 'forky';

/** An image of a Debian release, under the name that a registry gives it. */
export function debianImage(release: DebianRelease): string {
  return `debian:${release}-slim`;
}

/**
 * Gets the image of a Debian release from a registry, or makes it if none answers.
 * @param packagesToMakeIt what this machine lacks for that
 */
export async function getBaseImage(
  release: DebianRelease,
  packagesToMakeIt: readonly string[],
  log: (line: string) => void,
): Promise<void> {
  const image = debianImage(release);
  // The image could not be seen while the engine was not running.
  if (await succeeds(['docker', 'image', 'inspect', image])) return;
  if (await pullBaseImage(image)) {
    log(`base image ${image}: pulled`);
    return;
  }
  log(`base image ${image}: no registry answers, making it from the Debian mirror`);
  if (packagesToMakeIt.length > 0) await installOrExplain(image, packagesToMakeIt);
  await makeBaseImage(release, log);
}

async function installOrExplain(image: string, packages: readonly string[]): Promise<void> {
  const hasApt = await succeeds(['apt-get', '--version']);
  if (!hasApt || process.getuid?.() !== 0) {
    throw new Error(
      `No registry has ${image} for us, and making it needs ${packages.join(', ')}, which only root on a Debian-like system can install. What to do: apt-get install ${packages.join(' ')} as root, or docker load an image of that name.`,
    );
  }
  await aptInstall(packages);
}

async function pullBaseImage(image: string): Promise<boolean> {
  const giveUp = new AbortController();
  const noAnswer = setTimeout(() => giveUp.abort(), REGISTRY_ANSWER_LIMIT_MS);
  const result = await tryRun(['docker', 'pull', image], {
    signal: giveUp.signal,
    timeLimitMs: PULL_LIMIT_MS,
    // Once layers are fetched a registry has answered; from here on it may take its time.
    onOutput: (text) => {
      if (/Pulling fs layer|Already exists/.test(text)) clearTimeout(noAnswer);
    },
  });
  clearTimeout(noAnswer);
  return result.exitCode === 0;
}

async function makeBaseImage(release: DebianRelease, log: (line: string) => void): Promise<void> {
  const image = debianImage(release);
  const mirror = await readDebianMirror();
  const overlay = join(cacheFolder, `${release}-overlay`);
  const tarball = join(cacheFolder, `${release}.tar`);
  await writeOverlay(overlay, log);
  await mkdir(logFolder, { recursive: true });
  try {
    // Through a file: in a pipe, `docker import` would make an image of a broken tree.
    await run(
      mmdebstrapCommand(release, mirror, overlay, tarball),
      `see that ${mirror} is reachable; ${image} from elsewhere (docker load) is used as it is`,
      { env: administratorEnvironment(), logFile: join(logFolder, `mmdebstrap-${release}.log`) },
    );
    await run(
      ['docker', 'import', '-c', `LABEL ${MADE_HERE_LABEL}`, '-c', 'CMD ["bash"]', tarball, image],
      'see that the docker engine has disk space left',
    );
  } finally {
    await rm(tarball, { force: true });
    await rm(overlay, { recursive: true, force: true });
  }
}

function mmdebstrapCommand(
  release: DebianRelease,
  mirror: string,
  overlay: string,
  tarball: string,
): string[] {
  const hooks = [
    `sync-in "${overlay}" /`,
    'chroot "$1" update-ca-certificates',
    // Last, because the host's bundle may contain more than its packages and local files.
    ...(existsSync(HOST_BUNDLE) ? [`copy-in ${HOST_BUNDLE} /etc/ssl/certs`] : []),
    'rm -f "$1"/var/cache/apt/*.bin "$1"/var/log/*.log "$1"/var/log/apt/*',
  ];
  const excluded = ['man', 'info', 'locale', 'doc'].map((name) => `/usr/share/${name}/*`);
  return [
    'mmdebstrap',
    '--variant=minbase',
    '--include=ca-certificates',
    `--keyring=${requireDebianKeyring()}`,
    // A mirror may lag behind Debian, and a testing release's files expire within days.
    '--aptopt=Acquire::Check-Valid-Until "false"',
    '--aptopt=Apt::Install-Recommends "false"',
    '--aptopt=Acquire::Languages "none"',
    // An image that breaks half-way is deleted, so syncing every file has no benefit.
    '--dpkgopt=force-unsafe-io',
    ...excluded.map((path) => `--dpkgopt=path-exclude=${path}`),
    '--dpkgopt=path-include=/usr/share/doc/*/copyright',
    ...hooks.map((hook) => `--customize-hook=${hook}`),
    release,
    tarball,
    `deb ${mirror} ${release} main`,
  ];
}

/** The settings of this machine that a container needs to reach the same mirrors: CAs and proxies. */
async function writeOverlay(overlay: string, log: (line: string) => void): Promise<void> {
  await rm(overlay, { recursive: true, force: true });
  const certificates = join(overlay, HOST_CERTIFICATES);
  const aptSettings = join(overlay, 'etc', 'apt', 'apt.conf.d');
  await mkdir(certificates, { recursive: true });
  await mkdir(aptSettings, { recursive: true });
  for (const name of await readdir(HOST_CERTIFICATES).catch(() => [])) {
    if (name.endsWith('.crt')) {
      await copyFile(join(HOST_CERTIFICATES, name), join(certificates, name));
    }
  }
  const proxies = readAptProxies((await tryRun(['apt-config', 'dump'])).stdout);
  for (const setting of proxies.unusable) {
    log(`not taken over into the base image, for it means this machine only: ${setting}`);
  }
  const settings = proxies.settings.map((setting) => `${setting};\n`).join('');
  await writeFile(join(aptSettings, '90crankback-proxies'), settings);
}
