import type { FastifyInstance } from 'fastify';
import type { HealthStore } from '../trunks/store';
import { requireToken } from './token';

/** `POST /trunks/:name/clear`: puts a trunk back into use, whatever held it; needs the token. */
export function trunkClear(
  server: FastifyInstance,
  store: Pick<HealthStore, 'clear'>,
  token: string | undefined,
): void {
  const options = { onRequest: requireToken(token) };
  server.post<{ Params: { name: string } }>('/trunks/:name/clear', options, (request, reply) => {
    const { name } = request.params;
    if (store.clear(name)) return { cleared: name };
    return reply.code(404).send({ errors: ['the policy has no such trunk'] });
  });
}
