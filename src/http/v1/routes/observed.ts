import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import type { Shown } from '../../../records/shown';
import type { ReadingDesk } from '../../desk/desk';
import type { Tokens } from '../../token';
import { resource } from '../resource';
import { AskedCall } from '../schemas/common';
import { ObservedCall, ObservedList, ObservedQuery } from '../schemas/observed';
import { tell } from '../tell';
import { periodOf, WEEK_MS } from './period';

export interface ObservedParts {
  readonly desk: ReadingDesk;
  readonly tokens: Tokens;
  readonly shown: Shown;
  /** Calls are traced. */
  readonly traced?: boolean | undefined;
  /** Unix time in milliseconds. */
  readonly now: () => number;
}

/** `GET /v1/observed`, `GET /v1/observed/{call}`. */
export function observed(
  server: FastifyInstance,
  { desk, tokens, shown, traced = false, now }: ObservedParts,
): void {
  resource(
    server,
    tokens,
    {
      ...{ method: 'GET', url: '/observed', id: 'listObserved', tag: 'observed', scope: 'read' },
      summary:
        'What the policy would have done in calls of your own dialplan, those alike together',
      description: 'Without `since`: a week before `until`. Without `until`: until now.',
      query: ObservedQuery,
      answer: ObservedList,
      answerText: 'Groups of calls, the most frequent first.',
    },
    ({ query: { since, until, trunk } }, reply) => {
      const period = periodOf({ since, until }, { now: now(), usual: WEEK_MS, reply });
      if (!period) return reply;
      return tell(reply, desk, { kind: 'observed', asked: { ...period, trunk } });
    },
  );
  resource(
    server,
    tokens,
    {
      ...{ method: 'GET', url: '/observed/:call', id: 'getObserved', tag: 'observed' },
      scope: 'read',
      summary: 'One of these calls, step by step',
      params: z.strictObject({ call: AskedCall.describe('Its id, Call-ID or number.') }),
      answer: ObservedCall,
      answerText: 'The call.',
    },
    ({ params: { call } }, reply) =>
      tell(reply, desk, {
        ...{ kind: 'observed-call', traced },
        wanted: { id: call, number: shown({ number: call }).number },
      }),
  );
}
