import { delimiter } from 'node:path';

/** This process's environment with a PATH to dockerd, dpkg's helpers and similar programs. */
export function administratorEnvironment(): NodeJS.ProcessEnv {
  // A plain `su` to root omits the sbin folders.
  const path = [process.env.PATH, '/usr/local/sbin', '/usr/sbin', '/sbin'].filter(Boolean);
  return { ...process.env, PATH: path.join(delimiter) };
}
