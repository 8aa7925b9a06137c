import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The repository's root, found from this file both as source and as compiled under dist/. */
export const repositoryRoot = findUpwards(__dirname, 'docker-compose.yml');

/** Provisioning creates everything in this folder; it may be deleted at any time. */
export const cacheFolder = join(repositoryRoot, '.cache', 'lab');

export const composeFile = join(repositoryRoot, 'docker-compose.yml');
export const aptFolder = join(cacheFolder, 'apt');
export const toolsFolder = join(cacheFolder, 'tools');
export const dockerConfigFolder = join(cacheFolder, 'docker-config');
export const logFolder = join(cacheFolder, 'log');
/** The program as it is shipped: `npm run build`. */
export const programFolder = join(repositoryRoot, 'dist', 'program');

function findUpwards(start: string, name: string): string {
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, name))) return folder;
    if (folder === dirname(folder)) throw new Error(`no ${name} in or above ${start}`);
  }
}
