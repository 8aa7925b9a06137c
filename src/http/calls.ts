import type { FastifyInstance, FastifyReply, onRequestHookHandler } from 'fastify';
import * as z from 'zod';
import type { WholeCall } from '../journal/read/call';
import { CALL_RESULTS, PLACE } from '../journal/read/calls-filter';
import { JournalBusy, type LastingJournal } from '../journal/thread/lasting-journal';
import { homerLinks } from '../records/homer-links';
import type { Shown } from '../records/shown';
import { traceIdOf } from '../tracing/trace-id';
import { NO_SUCH_CALL } from './no-such-call';
import { IN_OUR_WORDS } from './words';

/** Of a query's field. */
export const time = z.coerce.number('must be Unix time in milliseconds').int().min(0);
const number = z
  .string()
  .regex(/^[+0-9A-D*#]{1,33}$/, 'must be a number as dialled, a * at its end for any more');
const name = z.string().min(1).max(64);

/** Of `GET /calls`; names as in `CallFilter`. */
const Query = z.strictObject({
  since: time.optional(),
  until: time.optional(),
  changed: time.optional(),
  before: z.string().regex(PLACE, 'must be the `next` of an answer').optional(),
  trunk: name.optional(),
  to: number.optional(),
  from: number.optional(),
  class: name.optional(),
  sip: z.coerce.number().int().min(100).max(699).optional(),
  pbx: name.optional(),
  instance: name.optional(),
  result: z.enum(CALL_RESULTS, `must be one of ${CALL_RESULTS.join(', ')}`).optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(50),
});

/** Of `GET /calls/<hunt or number>`. */
const OneQuery = z.strictObject({ instance: name.optional() });

/** `GET /calls?…`: recorded calls, the latest first; `GET /calls/<hunt or number>`: everything about one. */
export function calls(
  server: FastifyInstance,
  journal: Pick<LastingJournal, 'ask'>,
  onRequest: onRequestHookHandler,
  shown: Shown,
  { homerUrl, traced = false }: { readonly homerUrl?: string; readonly traced?: boolean } = {},
): void {
  server.get('/calls', { onRequest }, async (request, reply) => {
    const query = Query.safeParse(request.query, IN_OUR_WORDS);
    if (!query.success) {
      return reply.code(400).send({ errors: errorsOf(query.error) });
    }
    const { to, from } = query.data;
    const asked = {
      ...query.data,
      // As they are at rest: where they are masked, a whole number can be asked for.
      ...(to !== undefined && { to: shown({ number: to }).number }),
      ...(from !== undefined && { from: shown({ from }).from }),
    };
    return answer(reply, async () => shown(await journal.ask('calls', asked)));
  });
  server.get<{ Params: { call: string }; Querystring: unknown }>(
    '/calls/:call',
    { onRequest },
    (request, reply) => {
      const query = OneQuery.safeParse(request.query, IN_OUR_WORDS);
      if (!query.success) return reply.code(400).send({ errors: errorsOf(query.error) });
      const { instance } = query.data;
      // As text: the server's own hook would cut what is deep in it.
      return answer(reply.type('application/json; charset=utf-8'), async () => {
        const { call: wanted } = request.params;
        // As it is at rest.
        const { number } = shown({ number: wanted });
        const found = await journal.ask('call', { id: wanted, number, instance });
        if (!found) return undefined;
        const homer = homerUrl === undefined ? {} : { homer: homerLinks(homerUrl, found) };
        const trace = traced ? { traceId: traceIdOf(found) } : {};
        return JSON.stringify({ ...toldOf(found, shown), ...shown(homer), ...trace });
      });
    },
  );
}

/** A failure and the inputs of a decision are deep: each is shown by itself. */
function toldOf({ legs, decisions, ...call }: WholeCall, shown: Shown): object {
  return {
    ...shown(call),
    legs: legs.map(({ failure, ...leg }) => ({
      ...shown(leg),
      ...(failure !== undefined && { failure: shown(failure) }),
    })),
    decisions: decisions.map(({ detail, ...decision }) => ({
      ...shown(decision),
      detail: shown(detail),
    })),
  };
}

/** What the journal found; 404 where it has none, 503 where it is busy. */
export async function answer(
  reply: FastifyReply,
  found: () => Promise<unknown>,
  none = NO_SUCH_CALL,
): Promise<FastifyReply> {
  try {
    const value = await found();
    return value === undefined ? reply.code(404).send({ errors: [none] }) : reply.send(value);
  } catch (error) {
    if (!(error instanceof JournalBusy)) throw error;
    return reply.code(503).send({ errors: [error.message] });
  }
}

/** What is wrong with a query, field by field. */
export function errorsOf(error: z.ZodError): readonly string[] {
  return error.issues.map((issue) => `${issue.path.join('.') || 'query'}: ${issue.message}`);
}
