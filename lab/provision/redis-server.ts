import { aptInstall } from './debian/apt-install';
import { findProgram } from './find-program';
import { succeeds } from './run-command';

/** A server program, started as `spawn(path, args, { argv0 })`. */
export interface RedisProgram {
  readonly name: 'redis' | 'valkey';
  readonly path: string;
  readonly argv0: string;
}

/**
 * The servers of the Redis protocol on this machine: always Redis, and Valkey if available. Installs
 * missing ones as root on Debian; throws if that is not possible.
 */
export async function provideRedisServers(): Promise<readonly RedisProgram[]> {
  const found = await findServers();
  if (found.some(({ name }) => name === 'redis')) return found;
  if (process.getuid?.() !== 0 || !(await succeeds(['apt-get', '--version']))) {
    throw new Error(
      'redis-server is missing. What to do: install it, or run this as root on Debian or Ubuntu.',
    );
  }
  // The server's own package would start a service; the tools' package has the program too.
  await aptInstall(['redis-tools'], ['valkey-tools']);
  const installed = await findServers();
  if (installed.some(({ name }) => name === 'redis')) return installed;
  throw new Error('redis-tools was installed and has no server in it: install redis-server.');
}

async function findServers(): Promise<RedisProgram[]> {
  const programs: RedisProgram[] = [];
  for (const name of ['redis', 'valkey'] as const) {
    const argv0 = `${name}-server`;
    // Debian's server is the program that checks dumps; it acts by the name in argv0.
    const path = (await findProgram([argv0])) ?? (await findProgram([`${name}-check-rdb`]));
    if (path !== undefined) programs.push({ name, path, argv0 });
  }
  return programs;
}
