import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Journal } from '../records/journal';
import type { HuntRecord } from '../records/hunt-record';

const Query = z.strictObject({
  limit: z.coerce.number().int().min(1).max(1000).default(50),
  number: z
    .string()
    .regex(/^[0-9A-D*#+]{0,32}$/, 'must be a number as dialled: 0-9 A-D * # +')
    .optional(),
});

/** `GET /hunts?limit=&number=`: the latest hunts with attempts and decisions, newest first. */
export function hunts(server: FastifyInstance, journal: Journal): void {
  server.get('/hunts', (request, reply) => {
    const query = Query.safeParse(request.query);
    if (!query.success) {
      const errors = query.error.issues.map(
        (issue) => `${issue.path.join('.') || 'query'}: ${issue.message}`,
      );
      return reply.code(400).send({ errors });
    }
    return { hunts: journal.latest(query.data.limit, query.data.number).map(shown) };
  });
}

/** Removes the inputs of decisions: they are large, and their numbers are not masked. */
function shown({ decisions, ...hunt }: HuntRecord) {
  return { ...hunt, decisions: decisions.map((decision) => ({ ...decision, inputs: undefined })) };
}
