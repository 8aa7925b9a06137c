import type { FastifyInstance } from 'fastify';
import type { ReadingDesk } from '../../desk/desk';
import type { Tokens } from '../../token';
import { resource } from '../resource';
import { MOST_STEPS, Series, SeriesQuery } from '../schemas/series';
import { sendProblem } from '../send-problem';
import { tell } from '../tell';
import { HOUR_MS, periodOf } from './period';

const DAY_MS = 24 * HOUR_MS;

/** `GET /v1/series`. */
export function series(
  server: FastifyInstance,
  { desk, tokens, now }: { desk: ReadingDesk; tokens: Tokens; now: () => number },
): void {
  resource(
    server,
    tokens,
    {
      ...{ method: 'GET', url: '/series', id: 'getSeries', tag: 'figures', scope: 'read' },
      summary: 'Attempts, answers, failures and saved calls of each trunk, step by step',
      description:
        'Without `since`: the hour before `until`. Without `until`: until now. Steps below an hour go back two days.',
      query: SeriesQuery,
      answer: Series,
      answerText: 'Each trunk with its steps.',
    },
    ({ query: { since, until, stepSeconds, trunk } }, reply) => {
      const period = periodOf({ since, until }, { now: now(), usual: HOUR_MS, reply });
      if (!period) return reply;
      const stepMs = stepSeconds * 1_000;
      const wrong = wrongStep(period, stepMs, now());
      if (wrong === undefined)
        return tell(reply, desk, { kind: 'series', filter: { ...period, stepMs, trunk } });
      const errors = [{ in: 'query' as const, name: 'stepSeconds', detail: wrong }];
      sendProblem(reply, 'invalid-request', { errors });
      return reply;
    },
  );
}

function wrongStep(
  { since, until }: { readonly since: number; readonly until: number },
  stepMs: number,
  now: number,
): string | undefined {
  if ((until - since) / stepMs > MOST_STEPS) return `must be longer: ${MOST_STEPS} steps at most`;
  if (stepMs < HOUR_MS && since < now - 2 * DAY_MS)
    return 'must be 3600 at least: minutes are kept for two days';
  return undefined;
}
