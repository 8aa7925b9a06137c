import { createHash, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Settings } from '../settings/settings';
import { instanceName, machineName } from './fleet';

const MACHINE_ID = '/etc/machine-id';

/**
 * What this instance is, over its restarts: after `kill -9` it has to be known for the one whose share of a limit is still
 * held. Machines may have one name (`freepbx`), so systemd's machine-id counts as well, where there is one. Of several
 * instances on one machine each has a port of its own.
 */
export function lastingIdentity(
  settings: Settings,
  read = (path: string) => readFileSync(path, 'utf8'),
): string {
  const { host, port } = settings.http;
  // Any port: nothing tells it from others of this machine.
  if (port === 0) return randomUUID();
  const name = instanceName(settings) ?? machineName();
  const own = [name, machineId(read), host, String(port)].join('\n');
  return createHash('sha256').update(own).digest('hex').slice(0, 32);
}

function machineId(read: (path: string) => string): string {
  try {
    return read(MACHINE_ID).trim();
  } catch {
    return '';
  }
}
