import type { FastifyInstance, onRequestHookHandler } from 'fastify';
import type { Registry } from 'prom-client';

/** `GET /metrics`: Prometheus text format. */
export function metrics(
  server: FastifyInstance,
  registry: Registry,
  onRequest: onRequestHookHandler,
): void {
  server.get('/metrics', { onRequest }, async (_request, reply) => {
    return reply.type(registry.contentType).send(await registry.metrics());
  });
}
