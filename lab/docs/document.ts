import fastify from 'fastify';
import type { OpenAPIV3_1 } from 'openapi-types';
import { LiveEvents } from '../../src/http/live/live-events';
import { V1 } from '../../src/http/v1/problems';
import { v1 } from '../../src/http/v1/v1';
import { showing } from '../../src/records/shown';

/** The OpenAPI document of version 1 of the API, as the service has it at `/v1/openapi.json`. */
export async function openApiDocument(): Promise<OpenAPIV3_1.Document> {
  const server = fastify();
  const shown = showing({ maskNumbers: false });
  const never = (): never => {
    throw new Error('nothing is asked here');
  };
  await server.register(v1, {
    ...{ prefix: V1, shown, now: never, tokens: {}, limits: never },
    desk: { do: never },
    live: new LiveEvents(shown, 'x'),
    policy: { file: '', current: never, warnings: never },
    trunks: {
      store: { reports: never, reportOf: never, hold: never, clear: never },
      operated: never,
    },
    alerts: { list: never, test: never },
  });
  const { body } = await server.inject(`${V1}/openapi.json`);
  await server.close();
  return JSON.parse(body) as OpenAPIV3_1.Document;
}
