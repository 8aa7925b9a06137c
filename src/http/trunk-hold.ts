import type { FastifyInstance, onRequestHookHandler } from 'fastify';
import * as z from 'zod';
import { isPrintable } from '../model/printable';
import type { Shown } from '../records/shown';
import type { HealthStore } from '../trunks/health/health-store';

const LONGEST_HOLD_MS = 30 * 24 * 3600 * 1000;

const Body = z.strictObject({
  /** Milliseconds; without it the trunk is held until cleared. */
  forMs: z.number().int().min(1).max(LONGEST_HOLD_MS).optional(),
  why: z
    .string()
    .min(1)
    .max(200)
    .refine(isPrintable, 'must be 1 to 200 printable characters')
    .default('held by an operator'),
});

/** `POST /trunks/:name/hold` with `{forMs, why}`: takes a trunk out of the way; for operators. */
export function trunkHold(
  server: FastifyInstance,
  store: Pick<HealthStore, 'hold'>,
  onRequest: onRequestHookHandler,
  shown: Shown,
): void {
  server.post<{ Params: { name: string } }>(
    '/trunks/:name/hold',
    { onRequest },
    (request, reply) => {
      const body = Body.safeParse(request.body ?? {});
      if (!body.success) {
        const errors = body.error.issues.map(
          (issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`,
        );
        return reply.code(400).send({ errors });
      }
      const { forMs } = body.data;
      // Masked before it is kept: other instances have it from Redis.
      const { why } = shown({ why: body.data.why });
      const { name } = request.params;
      const isKnown = store.hold(name, {
        by: 'operator',
        why,
        ...(forMs !== undefined && { for: forMs }),
      });
      if (!isKnown) return reply.code(404).send({ errors: ['the policy has no such trunk'] });
      return { held: name };
    },
  );
}
