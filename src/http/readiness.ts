import type { Named } from '../findings/named';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** The reasons why calls cannot be decided now, one sentence each; empty when ready. */
export type ReadinessSource = () => readonly Named[];

/**
 * `GET /ready`: 200 while calls are decided, 503 otherwise. Who may read gets the reasons, and warnings, which
 * stop no call; a probe without a token gets the status alone.
 */
export function readiness(
  server: FastifyInstance,
  parts: { readonly readiness: ReadinessSource; readonly warnings: () => readonly Named[] },
  mayRead: (request: FastifyRequest) => boolean,
): void {
  server.get('/ready', (request, reply) => {
    const reasons = parts.readiness();
    const ready = reasons.length === 0;
    return reply
      .code(ready ? 200 : 503)
      .send({ ready, ...(mayRead(request) && { reasons, warnings: parts.warnings() }) });
  });
}
