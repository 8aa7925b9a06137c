import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import type { Shown } from '../../../records/shown';
import type { ReadingDesk } from '../../desk/desk';
import type { Tokens } from '../../token';
import { resource } from '../resource';
import { Call, CallPage, CallsQuery } from '../schemas/calls';
import { AskedCall, Name } from '../schemas/common';
import { tell } from '../tell';

const CallParams = z.strictObject({
  call: AskedCall.describe(
    'A `hunt` of the list, the SIP Call-ID of one of its legs, or a number: then its latest call.',
  ),
});

const OneQuery = z.strictObject({
  instance: Name.optional().describe('Decided by this instance of the fleet.'),
  explained: z
    .enum(['true', 'false'], 'must be true or false')
    .default('true')
    .describe('`false`: without the rules that were tried, which takes less time.'),
});

export interface CallsParts {
  readonly desk: ReadingDesk;
  readonly tokens: Tokens;
  readonly shown: Shown;
  /** Pattern of links to Homer; absent: none are made. */
  readonly homerUrl?: string | undefined;
  /** Calls are traced. */
  readonly traced?: boolean | undefined;
}

/** `GET /v1/calls`, `GET /v1/calls/{call}`. */
export function calls(
  server: FastifyInstance,
  { desk, tokens, shown, homerUrl, traced = false }: CallsParts,
): void {
  resource(
    server,
    tokens,
    {
      ...{ method: 'GET', url: '/calls', id: 'listCalls', tag: 'calls', scope: 'read' },
      summary: 'Recorded calls, the latest first',
      query: CallsQuery,
      answer: CallPage,
      answerText: 'A page of calls.',
    },
    ({ query: { cursor, to, from, ...query } }, reply) =>
      tell(reply, desk, {
        kind: 'calls',
        filter: {
          ...query,
          ...(cursor !== undefined && { before: cursor }),
          // As they are at rest: where they are masked, a whole number can be asked for.
          ...(to !== undefined && { to: shown({ number: to }).number }),
          ...(from !== undefined && { from: shown({ from }).from }),
        },
      }),
  );
  resource(
    server,
    tokens,
    {
      ...{ method: 'GET', url: '/calls/:call', id: 'getCall', tag: 'calls', scope: 'read' },
      summary: 'One call with its ladder, as `crankback why` shows it',
      params: CallParams,
      query: OneQuery,
      answer: Call,
      answerText: 'The call.',
    },
    ({ params: { call }, query: { instance, explained } }, reply) =>
      tell(reply, desk, {
        ...{ kind: 'call', explained: explained === 'true', traced },
        ...(homerUrl !== undefined && { homerUrl }),
        wanted: { id: call, number: shown({ number: call }).number, instance },
      }),
  );
}
