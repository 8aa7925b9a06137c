import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repositoryRoot } from '../paths';
import { atThisPlace, pbxFolder, runFolder } from '../place';

const MOUNT_POINTS = [
  'asterisk-spool',
  'asterisk-log',
  'freeswitch-log',
  'freeswitch-storage',
  'freeswitch-sounds',
  'policy',
];
const WRITTEN = join(repositoryRoot, 'lab', 'pbx');

/** Creates the folders that docker-compose.yml mounts; the engine would create them as root's. */
export async function makeMountPoints(): Promise<void> {
  for (const path of MOUNT_POINTS) await mkdir(join(runFolder, path), { recursive: true });
  if (pbxFolder !== WRITTEN) await configureForThisPlace();
  // A mount inside a read-only mount needs an existing folder.
  await mkdir(join(pbxFolder, 'asterisk', 'crankback'), { recursive: true });
}

/** Copies the PBXes' configuration with this lab's addresses. */
async function configureForThisPlace(): Promise<void> {
  await rm(pbxFolder, { recursive: true, force: true });
  await cp(WRITTEN, pbxFolder, { recursive: true });
  const entries = await readdir(pbxFolder, { recursive: true, withFileTypes: true });
  for (const file of entries.filter((entry) => entry.isFile())) {
    const path = join(file.parentPath, file.name);
    const text = await readFile(path, 'utf8');
    if (atThisPlace(text) !== text) await writeFile(path, atThisPlace(text));
  }
}
