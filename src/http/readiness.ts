import type { FastifyInstance } from 'fastify';

/** Everything that keeps calls from being decided now, one sentence each; empty when ready. */
export type ReadinessSource = () => readonly string[];

/**
 * `GET /ready`: 200 while calls are decided, 503 with the reasons otherwise; in both cases with
 * warnings, which stop no call.
 */
export function readiness(
  server: FastifyInstance,
  source: ReadinessSource,
  warnings: () => readonly string[],
): void {
  server.get('/ready', (_request, reply) => {
    const reasons = source();
    return reply
      .code(reasons.length === 0 ? 200 : 503)
      .send({ ready: reasons.length === 0, reasons, warnings: warnings() });
  });
}
