import type { FastifyInstance, onRequestHookHandler } from 'fastify';
import * as z from 'zod';
import type { LastingJournal } from '../journal/thread/lasting-journal';
import type { Shown } from '../records/shown';
import { answer, errorsOf, time } from './calls';
import { IN_OUR_WORDS } from './words';

const Query = z.strictObject({ since: time, until: time });

/** `GET /habits?since=&until=`: what trunks did that a rule could be made of; read by `crankback suggest`. */
export function habits(
  server: FastifyInstance,
  journal: Pick<LastingJournal, 'ask'>,
  onRequest: onRequestHookHandler,
  shown: Shown,
): void {
  server.get('/habits', { onRequest }, async (request, reply) => {
    const query = Query.safeParse(request.query, IN_OUR_WORDS);
    if (!query.success) return reply.code(400).send({ errors: errorsOf(query.error) });
    return answer(reply, async () => shown(await journal.ask('habits', query.data)));
  });
}
