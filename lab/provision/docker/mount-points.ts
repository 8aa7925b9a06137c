import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { repositoryRoot } from '../paths';

const MOUNT_POINTS = [
  'lab/.run/asterisk-spool',
  'lab/.run/asterisk-log',
  'lab/.run/freeswitch-log',
  'lab/.run/freeswitch-storage',
  'lab/.run/freeswitch-sounds',
  'lab/.run/policy',
  // A mount inside a read-only mount needs an existing folder.
  'lab/pbx/asterisk/crankback',
];

/** Creates the folders that docker-compose.yml mounts; the engine would create them as root's. */
export async function makeMountPoints(): Promise<void> {
  for (const path of MOUNT_POINTS) await mkdir(join(repositoryRoot, path), { recursive: true });
}
