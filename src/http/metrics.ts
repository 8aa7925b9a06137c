import { setImmediate } from 'node:timers/promises';
import type { FastifyInstance, onRequestHookHandler } from 'fastify';
import type { Registry } from 'prom-client';

/** `GET /metrics`: Prometheus text format. */
export function metrics(
  server: FastifyInstance,
  registry: Registry,
  onRequest: onRequestHookHandler,
): void {
  server.get('/metrics', { onRequest }, async (_request, reply) => {
    return reply.type(registry.contentType).send(await textOf(registry));
  });
}

/** One metric after the other: calls are decided between them. */
async function textOf(registry: Registry): Promise<string> {
  const texts: string[] = [];
  for (const { name } of registry.getMetricsAsArray()) {
    texts.push(await registry.getSingleMetricAsString(name));
    await setImmediate();
  }
  return `${texts.join('\n\n')}\n`;
}
