import { delimiter } from 'node:path';

/** This process's environment with a PATH that has dockerd, dpkg's helpers and the like. */
export function administratorEnvironment(): NodeJS.ProcessEnv {
  // A plain `su` to root leaves the sbin folders out.
  const path = [process.env.PATH, '/usr/local/sbin', '/usr/sbin', '/sbin'].filter(Boolean);
  return { ...process.env, PATH: path.join(delimiter) };
}
