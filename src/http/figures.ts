import type { FastifyInstance, onRequestHookHandler } from 'fastify';
import * as z from 'zod';
import { figuresOf } from '../figures/figures';
import { FIGURES_BY, type CountedPeriod } from '../journal/read/figures';
import { JournalBusy, type LastingJournal } from '../journal/thread/lasting-journal';
import { printable } from '../model/printable';
import { errorsOf, time } from './calls';
import { sendList } from './json-list';
import { IN_OUR_WORDS } from './words';

const name = z.string().max(64);

/** Of `GET /figures`; names as in `FiguresFilter`. */
const Query = z.strictObject({
  since: time.optional(),
  until: time.optional(),
  by: z.enum(FIGURES_BY, `must be one of ${FIGURES_BY.join(', ')}`).default('trunk'),
  trunk: name.optional(),
  route: name.optional(),
  pbx: name.optional(),
  instance: name.optional(),
});

/** Without `since`. Milliseconds. */
const HOUR_MS = 3_600_000;

export interface FiguresParts {
  readonly journal: Pick<LastingJournal, 'ask'>;
  /** Most calls at once that the policy allows on a trunk. */
  readonly limitOf: (trunk: string) => number | undefined;
  /** Unix time in milliseconds. */
  readonly now: () => number;
}

/**
 * `GET /figures?since=&until=&by=trunk|route|pbx|instance&trunk=&route=&pbx=&instance=`: figures of a period, with the counts that they are
 * made of, so that those of several instances can be added up.
 */
export function figures(
  server: FastifyInstance,
  { journal, limitOf, now }: FiguresParts,
  onRequest: onRequestHookHandler,
): void {
  server.get('/figures', { onRequest }, async (request, reply) => {
    const query = Query.safeParse(request.query, IN_OUR_WORDS);
    if (!query.success) return reply.code(400).send({ errors: errorsOf(query.error) });
    const { since, until, ...asked } = query.data;
    const at = now();
    const end = Math.min(until ?? at, at);
    const begin = since ?? end - HOUR_MS;
    if (begin >= end)
      return reply.code(400).send({ errors: ['since: must be before until, and in the past'] });
    let period: CountedPeriod;
    try {
      period = await journal.ask('figures', { since: begin, until: end, now: at, ...asked });
    } catch (error) {
      if (!(error instanceof JournalBusy)) throw error;
      return reply.code(503).send({ errors: [error.message] });
    }
    const { groups, all, ...about } = period;
    const told = (group: CountedPeriod['groups'][number]) => {
      const limit = asked.by === 'trunk' ? limitOf(group.name) : undefined;
      const { name: plain, counts, ...more } = group;
      const allowed = limit === undefined ? {} : { limit };
      return { name: printable(plain), counts, ...more, ...allowed, figures: figuresOf(counts) };
    };
    return sendList(reply, 'groups', groups, told, {
      ...about,
      all: { counts: all, figures: figuresOf(all) },
    });
  });
}
