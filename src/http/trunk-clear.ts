import type { FastifyInstance, onRequestHookHandler } from 'fastify';
import type { HealthStore } from '../trunks/health/health-store';
import type { TrunkOffers } from './trunks';

/**
 * `POST /trunks/:name/clear`: puts a trunk back into use, whatever held it, and forgets what was learned of
 * its codecs; for operators.
 */
export function trunkClear(
  server: FastifyInstance,
  store: Pick<HealthStore, 'clear'>,
  onRequest: onRequestHookHandler,
  offers?: TrunkOffers,
): void {
  server.post<{ Params: { name: string } }>(
    '/trunks/:name/clear',
    { onRequest },
    (request, reply) => {
      const { name } = request.params;
      offers?.forget(name);
      if (store.clear(name)) return { cleared: name };
      return reply.code(404).send({ errors: ['the policy has no such trunk'] });
    },
  );
}
