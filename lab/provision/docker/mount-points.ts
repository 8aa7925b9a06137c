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
  // A mount inside a read-only mount needs its folder to be there beforehand.
  'lab/pbx/asterisk/crankback',
];

/** Makes the folders that docker-compose.yml mounts; left to the engine they would be root's. */
export async function makeMountPoints(): Promise<void> {
  for (const path of MOUNT_POINTS) await mkdir(join(repositoryRoot, path), { recursive: true });
}
