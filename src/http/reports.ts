import type { FastifyInstance, onRequestHookHandler } from 'fastify';
import * as z from 'zod';
import type { LastingJournal } from '../journal/thread/lasting-journal';
import type { ReportedAttempt, TrunkReport } from '../journal/read/report';
import type { Shown } from '../records/shown';
import { answer, errorsOf, time } from './calls';
import { IN_OUR_WORDS } from './words';

const Query = z.strictObject({ trunk: z.string().min(1).max(64), since: time, until: time });

/** `GET /reports?trunk=&since=&until=`: what one sends to a carrier's desk, of that trunk alone. */
export function reports(
  server: FastifyInstance,
  journal: Pick<LastingJournal, 'ask'>,
  onRequest: onRequestHookHandler,
  shown: Shown,
): void {
  server.get('/reports', { onRequest }, async (request, reply) => {
    const query = Query.safeParse(request.query, IN_OUR_WORDS);
    if (!query.success) return reply.code(400).send({ errors: errorsOf(query.error) });
    // As text: the server's own hook would cut what is deep in it.
    return answer(reply.type('application/json; charset=utf-8'), async () =>
      JSON.stringify(toldOf(await journal.ask('report', query.data), shown)),
    );
  });
}

/** A failure is deep: each is shown by itself. */
function toldOf({ failures, late, blocked, ...report }: TrunkReport, shown: Shown): object {
  const whole = <T extends Pick<ReportedAttempt, 'failure'>>({ failure, ...one }: T): object => ({
    ...shown(one),
    ...(failure !== undefined && { failure: shown(failure) }),
  });
  return {
    ...shown(report),
    failures: failures.map(({ examples, ...kind }) => ({
      ...shown(kind),
      examples: examples.map(whole),
    })),
    late: late.map(whole),
    blocked: blocked.map(whole),
  };
}
