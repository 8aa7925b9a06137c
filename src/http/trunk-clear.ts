import type { FastifyInstance } from 'fastify';
import type { HealthStore } from '../trunks/health/health-store';
import { requireToken } from './token';
import type { TrunkOffers } from './trunks';

/** `POST /trunks/:name/clear`: ends any hold of a trunk and forgets its learned offer; needs the token. */
export function trunkClear(
  server: FastifyInstance,
  store: Pick<HealthStore, 'clear'>,
  { token, offers }: { readonly token?: string; readonly offers?: TrunkOffers },
): void {
  const options = { onRequest: requireToken(token) };
  server.post<{ Params: { name: string } }>('/trunks/:name/clear', options, (request, reply) => {
    const { name } = request.params;
    offers?.forget(name);
    if (store.clear(name)) return { cleared: name };
    return reply.code(404).send({ errors: ['the policy has no such trunk'] });
  });
}
