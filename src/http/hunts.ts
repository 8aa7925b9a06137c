import type { FastifyInstance, onRequestHookHandler } from 'fastify';
import { z } from 'zod';
import type { Journal } from '../records/journal';
import type { HuntRecord } from '../records/hunt-record';
import { sendList } from './json-list';

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
): void {
  server.get('/hunts', { onRequest }, (request, reply) => {
    const query = Query.safeParse(request.query);
    if (!query.success) {
      const errors = query.error.issues.map(
        (issue) => `${issue.path.join('.') || 'query'}: ${issue.message}`,
      );
      return reply.code(400).send({ errors });
    }
    const { limit, number } = query.data;
    return sendList(reply, 'hunts', journal.latest(limit, number), shown);
  });
}

/** Without the inputs of decisions: they are many, and their numbers are not masked. */
function shown({ decisions, ...hunt }: HuntRecord) {
  return { ...hunt, decisions: decisions.map((decision) => ({ ...decision, inputs: undefined })) };
}
