import { askService, type ServiceFlags } from './service-client';
import { print } from './print';

/**
 * `crankback health`: code 0 while the service answers, for a container's HEALTHCHECK. A PBX that is away is no reason to
 * restart it: `/ready` tells of that.
 */
export function health(flags: ServiceFlags): Promise<void> {
  return askService(flags, { method: 'GET', path: '/health' }, (answer) => {
    print(flags.json ? JSON.stringify(answer) : 'ok');
  });
}
