import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findDebianMirror, type AptSourcesFile } from './mirror';

/** The Debian mirror in this machine's own apt sources. */
export async function readDebianMirror(): Promise<string> {
  const parts = await readdir('/etc/apt/sources.list.d').catch(() => []);
  const names = [
    '/etc/apt/sources.list',
    ...parts
      .filter((name) => /\.(list|sources)$/.test(name))
      .map((name) => join('/etc/apt/sources.list.d', name)),
  ];
  const files = await Promise.all(
    names.map(async (name): Promise<AptSourcesFile> => ({
      name,
      text: await readFile(name, 'utf8').catch(() => ''),
    })),
  );
  return findDebianMirror(files);
}
