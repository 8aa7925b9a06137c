import { askService, type ServiceFlags } from './service-client';

/** `crankback trunks clear NAME`: closes a trunk's breaker. */
export async function trunksClear(name: string, flags: ServiceFlags): Promise<void> {
  const path = `/trunks/${encodeURIComponent(name)}/clear`;
  await askService(flags, { method: 'POST', path }, (answer) => {
    if (flags.json) console.log(JSON.stringify(answer));
    else console.log(`${name}: back in use`);
  });
}
