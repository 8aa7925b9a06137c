import type { FastifyInstance } from 'fastify';

/** The reasons why calls cannot be decided now, one sentence each; empty when ready. */
export type ReadinessSource = () => readonly string[];

/**
 * `GET /ready`: 200 while calls are decided, otherwise 503 with the reasons. Warnings, which stop no call,
 * are in both.
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
