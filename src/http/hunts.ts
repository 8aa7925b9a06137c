import type { FastifyInstance, onRequestHookHandler } from 'fastify';
import * as z from 'zod';
import type { Journal } from '../records/journal';
import type { Shown } from '../records/shown';
import { sendList } from './json-list';
import { IN_OUR_WORDS } from './words';

const Query = z.strictObject({
  limit: z.coerce.number().int().min(1).max(1000).default(50),
  number: z
    .string()
    .regex(/^[0-9A-D*#+]{0,32}$/, 'must be a number as dialled: 0-9 A-D * # +')
    .optional(),
});

/** `GET /hunts?limit=&number=`: the latest hunts with attempts and decisions, newest first. */
export function hunts(
  server: FastifyInstance,
  journal: Journal,
  onRequest: onRequestHookHandler,
  shown: Shown,
): void {
  const numberOf = (number: string) => shown({ number }).number;
  server.get('/hunts', { onRequest }, (request, reply) => {
    const query = Query.safeParse(request.query, IN_OUR_WORDS);
    if (!query.success) {
      const errors = query.error.issues.map(
        (issue) => `${issue.path.join('.') || 'query'}: ${issue.message}`,
      );
      return reply.code(400).send({ errors });
    }
    const { limit, number } = query.data;
    // By what is shown of it: a masked number can be asked for, and no answer tells what the mask hides.
    const wanted = number === undefined ? undefined : numberOf(number);
    const isWanted = (it: string) =>
      wanted === undefined || (it.length === wanted.length && numberOf(it) === wanted);
    const found = firstOf(journal.newestFirst(isWanted), limit);
    return sendList(reply, 'hunts', found, shown);
  });
}

/** One after the other, with each `undefined` that comes before the last one. */
function* firstOf<Item>(
  items: Iterable<Item | undefined>,
  limit: number,
): Generator<Item | undefined> {
  let found = 0;
  for (const item of items) {
    if (found >= limit) return;
    if (item !== undefined) found += 1;
    yield item;
  }
}
