import type { FastifyInstance } from 'fastify';
import type { ReadingDesk } from '../../desk/desk';
import type { Tokens } from '../../token';
import { resource } from '../resource';
import { Figures, FiguresQuery } from '../schemas/figures';
import { tell } from '../tell';
import { HOUR_MS, periodOf } from './period';

export interface FiguresParts {
  readonly desk: ReadingDesk;
  readonly tokens: Tokens;
  /** Most calls at once that the policy in force allows, by trunk. */
  readonly limits: () => Readonly<Record<string, number>>;
  /** Unix time in milliseconds. */
  readonly now: () => number;
}

/** `GET /v1/figures`. */
export function figures(
  server: FastifyInstance,
  { desk, tokens, limits, now }: FiguresParts,
): void {
  resource(
    server,
    tokens,
    {
      ...{ method: 'GET', url: '/figures', id: 'getFigures', tag: 'figures', scope: 'read' },
      summary: 'ASR, NER, SEER, ACD, PDD, saved calls and failures of a period',
      description: 'Without `since`: the hour before `until`. Without `until`: until now.',
      query: FiguresQuery,
      answer: Figures,
      answerText: 'Figures with the counts that they are made of.',
    },
    ({ query: { since, until, ...asked } }, reply) => {
      const at = now();
      const period = periodOf({ since, until }, { now: at, usual: HOUR_MS, reply });
      if (!period) return reply;
      const filter = { ...period, now: at, ...asked };
      return tell(reply, desk, { kind: 'figures', filter, limits: limits() });
    },
  );
}
