import type { FastifyInstance, onRequestHookHandler } from 'fastify';
import * as z from 'zod';
import type { Cursor, DecidedCall, DecisionPage } from '../journal/read/decisions';
import { JournalBusy, type LastingJournal } from '../journal/thread/lasting-journal';
import type { Shown } from '../records/shown';
import { answer, errorsOf, time } from './calls';
import { sendList } from './json-list';
import { IN_OUR_WORDS } from './words';

/** Of `GET /decisions`; names as in `DecisionFilter`. */
const Period = z.strictObject({ since: time, until: time });
const Query = Period.extend({
  before: z
    .string()
    .regex(/^\d{1,15}-\d{1,15}$/, 'must be the `next` of the page before')
    .optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

const OfTrunk = Period.extend({ trunk: z.string().min(1).max(64) });

/**
 * What a replay asks for: `GET /decisions?since=&until=` calls with their decisions and inputs, page by page;
 * `GET /decisions/outcomes?since=&until=&trunk=` what a trunk did in that time; `GET /policies/<hash>` a policy of then.
 */
export function decisions(
  server: FastifyInstance,
  journal: Pick<LastingJournal, 'ask'>,
  onRequest: onRequestHookHandler,
  shown: Shown,
): void {
  server.get('/decisions', { onRequest }, async (request, reply) => {
    const query = Query.safeParse(request.query, IN_OUR_WORDS);
    if (!query.success) return reply.code(400).send({ errors: errorsOf(query.error) });
    let page: DecisionPage;
    try {
      page = await journal.ask('decisions', { ...query.data, before: cursorOf(query.data.before) });
    } catch (error) {
      if (!(error instanceof JournalBusy)) throw error;
      return reply.code(503).send({ errors: [error.message] });
    }
    const { calls, next } = page;
    return sendList(
      reply,
      'calls',
      calls,
      (call) => shownCall(call, shown),
      next ? { next: `${next.startedAt}-${next.row}` } : {},
    );
  });
  server.get('/decisions/outcomes', { onRequest }, async (request, reply) => {
    const query = OfTrunk.safeParse(request.query, IN_OUR_WORDS);
    if (!query.success) return reply.code(400).send({ errors: errorsOf(query.error) });
    return answer(reply, () => journal.ask('outcomes', query.data));
  });
  server.get<{ Params: { hash: string } }>('/policies/:hash', { onRequest }, (request, reply) =>
    answer(
      reply,
      () => journal.ask('policy', request.params.hash),
      'the journal has no such policy',
    ),
  );
}

function cursorOf(before: string | undefined): Cursor | undefined {
  if (before === undefined) return undefined;
  const [startedAt, row] = before.split('-').map(Number) as [number, number];
  return { startedAt, row };
}

/** Each decision by itself: within the whole answer, its evidence would be too deep to be shown. */
function shownCall({ decisions: made, ...call }: DecidedCall, shown: Shown): object {
  return {
    ...shown(call),
    decisions: made.map(({ at, on, detail }) => ({
      at,
      on,
      detail: shown(JSON.parse(detail) as unknown),
    })),
  };
}
