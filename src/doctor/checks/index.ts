import type { Found } from '../found';
import type { HostSeen } from '../host/seen';
import { journal } from './journal';
import { machine } from './machine';
import { permissions } from './permissions';
import { ports } from './ports';
import { service } from './service';
import { stateFile } from './state-file';

const CHECKS = [service, permissions, journal, stateFile, machine, ports];

/** What is wrong with this machine and the service on it. */
export function hostFindings(seen: HostSeen): readonly Found[] {
  return CHECKS.flatMap((check) => check(seen));
}
