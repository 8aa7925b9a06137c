import type { FastifyInstance, onRequestHookHandler } from 'fastify';
import * as z from 'zod';
import type { ObservedWhole } from '../journal/read/observed';
import type { PolicyMode } from '../policy/policy-data';
import type { LastingJournal } from '../journal/thread/lasting-journal';
import type { Shown } from '../records/shown';
import { answer, errorsOf, time } from './calls';
import { traceIdOf } from '../tracing/trace-id';
import { IN_OUR_WORDS } from './words';

const Query = z.strictObject({
  since: time,
  until: time,
  trunk: z.string().min(1).max(64).optional(),
});

export interface ObservedBeside {
  /** The present mode of calls that begin with a trunk; absent: it is not shown. */
  readonly modeOf?: (trunk: string) => PolicyMode;
  /** Calls are traced: each is shown with its trace. */
  readonly traced?: boolean;
}

/**
 * `GET /observed?since=&until=&trunk=`: calls of the user's own dialplan beside the policy, those alike together, each
 * with the present mode of the trunk that failed;
 * `GET /observed/<id, Call-ID or number>`: one of them with its steps.
 */
export function observed(
  server: FastifyInstance,
  journal: Pick<LastingJournal, 'ask'>,
  onRequest: onRequestHookHandler,
  shown: Shown,
  { modeOf, traced = false }: ObservedBeside = {},
): void {
  server.get('/observed', { onRequest }, async (request, reply) => {
    const query = Query.safeParse(request.query, IN_OUR_WORDS);
    if (!query.success) return reply.code(400).send({ errors: errorsOf(query.error) });
    return answer(reply, async () => {
      const { groups, ...found } = await journal.ask('observed', query.data);
      const now = (trunk: string) => modeOf && { mode: modeOf(trunk) };
      return shown({
        ...found,
        groups: groups.map((group) => ({ ...group, ...now(group.trunk) })),
      });
    });
  });
  server.get<{ Params: { call: string } }>('/observed/:call', { onRequest }, (request, reply) =>
    // As text: the server's own hook would cut what is deep in it.
    answer(reply.type('application/json; charset=utf-8'), async () => {
      const { call: id } = request.params;
      // As it is at rest.
      const { number } = shown({ number: id });
      const found = await journal.ask('observed-call', { id, number });
      if (!found) return undefined;
      const { pbx, call: hunt, startedAt } = found;
      const trace = traced ? { traceId: traceIdOf({ pbx, hunt, startedAt }) } : {};
      return JSON.stringify({ ...toldOf(found, shown), ...trace });
    }),
  );
}

/** Inputs of a decision are deep: each step is shown by itself. */
function toldOf({ steps, ...call }: ObservedWhole, shown: Shown): object {
  return { ...shown(call), steps: steps.map((step) => shown(step)) };
}
