import { askService, type ServiceFlags } from './service-client';
import { print } from './print';

/** `crankback trunks clear NAME`: closes a trunk's breaker. */
export async function trunksClear(name: string, flags: ServiceFlags): Promise<void> {
  const path = `/trunks/${encodeURIComponent(name)}/clear`;
  await askService(flags, { method: 'POST', path }, (answer) => {
    if (flags.json) print(JSON.stringify(answer));
    else print(`${name}: back in use`);
  });
}
