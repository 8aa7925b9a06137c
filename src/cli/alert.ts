import * as z from 'zod';
import { EXIT } from './exit';
import { print } from './print';
import { askService, type ServiceFlags } from './service-client';

/** The service waits for receivers up to half a minute. */
const TIMEOUT_MS = 40_000;

const List = z.object({
  incidents: z.array(
    z.object({
      severity: z.string(),
      title: z.string(),
      why: z.string(),
      openedAt: z.string(),
      told: z.array(z.string()),
    }),
  ),
});

const Tested = z.object({
  receivers: z.array(z.object({ receiver: z.string(), ok: z.boolean(), answer: z.string() })),
});

/** `crankback alert`: incidents that are open. */
export async function alertList(flags: ServiceFlags): Promise<void> {
  await askService(flags, { method: 'GET', path: '/v1/alerts' }, (answer) => {
    const { incidents } = List.parse(answer);
    if (flags.json) return print(JSON.stringify(answer));
    if (incidents.length === 0) return print('nothing is wrong that the policy asks to be told of');
    for (const { title, severity, openedAt, why, told } of incidents)
      print(
        `${title} (${severity}) since ${openedAt}: ${why}; told: ${told.join(', ') || 'nobody'}`,
      );
  });
}

/** `crankback alert test [NAME]`: what the receivers answer; code 1 where one does not take the test. */
export async function alertTest(name: string | undefined, flags: ServiceFlags): Promise<void> {
  const body = name === undefined ? {} : { receiver: name };
  const request = { method: 'POST', path: '/v1/alerts/test', body, timeoutMs: TIMEOUT_MS } as const;
  await askService(flags, request, (answer) => {
    const { receivers } = Tested.parse(answer);
    if (receivers.some(({ ok }) => !ok)) process.exitCode = EXIT.failed;
    if (flags.json) return print(JSON.stringify(answer));
    if (receivers.length === 0) return print('the policy names no receiver: alerts.receivers');
    for (const { receiver, ok, answer: said } of receivers)
      print(`${receiver}: ${ok ? 'taken' : 'not taken'}: ${said}`);
  });
}
