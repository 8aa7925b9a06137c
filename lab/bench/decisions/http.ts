import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import { Desk } from '../../../src/http/desk/desk';
import type { LiveEvents } from '../../../src/http/live/live-events';
import { createHttpServer } from '../../../src/http/server';
import type { LastingJournal } from '../../../src/journal/thread/lasting-journal';
import type { Policy } from '../../../src/policy/policy';
import { Journal } from '../../../src/records/journal';
import type { HealthStore } from '../../../src/trunks/health/health-store';

interface ServedParts {
  readonly registry: Registry;
  readonly live: LiveEvents;
  readonly lasting: LastingJournal;
  readonly health: HealthStore;
  readonly policy: Policy;
}

/** The operator's HTTP of the service under test, on loopback. @returns its port */
export async function serveHttp(parts: ServedParts): Promise<number> {
  const { registry, live, lasting, health, policy } = parts;
  const server = createHttpServer({
    ...{ registry, lasting, trunks: health, journal: new Journal({ hunts: 10 }) },
    ...{ readiness: () => [], warnings: () => [] },
    v1: {
      desk: new Desk({
        maskNumbers: false,
        connect: () => lasting.connect(),
        failed: console.error,
      }),
      ...{ live, limits: () => ({}), operated: () => undefined },
      alerts: { list: () => [], test: () => Promise.resolve([]) },
      policy: { file: 'bench.yaml', current: () => policy, warnings: () => [] },
    },
  });
  await server.listen({ host: '127.0.0.1', port: 0 });
  return (server.server.address() as AddressInfo).port;
}
