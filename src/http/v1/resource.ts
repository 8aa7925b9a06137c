import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import * as z from 'zod';
import type { Tokens } from '../token';
import { Problem } from './schemas/problem';
import { requireScope, type Scope, type ScopeGuard } from './scopes';
import { PROBLEM_TYPE, sendProblem } from './send-problem';

/** Requests of one address within a minute. */
export interface Rate {
  readonly max: number;
  /** Routes with the same name count together. */
  readonly group: string;
}

export const RATES = {
  read: { max: 1_200, group: 'read' },
  change: { max: 60, group: 'change' },
  draft: { max: 60, group: 'draft' },
} as const satisfies Record<string, Rate>;

/** Server-sent events. */
export const EVENTS = 'text/event-stream';

/** One operation, as the OpenAPI document has it. */
export interface Operation<
  Params extends z.ZodType,
  Query extends z.ZodType,
  Body extends z.ZodType,
> {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly id: string;
  readonly tag: Tag;
  readonly summary: string;
  readonly description?: string;
  readonly scope: Scope | 'none';
  readonly rate?: Rate;
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  /** Media type of the body; default: JSON. */
  readonly consumes?: string;
  /** Bytes; default: that of the server. */
  readonly bodyLimit?: number;
  readonly answer: z.ZodType;
  readonly answerText: string;
  /** Media type of the answer; default: JSON. */
  readonly produces?: string;
}

export const TAGS = {
  calls: 'Recorded calls',
  figures: 'Figures of a period',
  trunks: 'Trunks: state, hold, clear',
  alerts: 'What is wrong now, and who is told',
  policy: 'The policy in force, its versions, and drafts',
  events: 'What happens now',
  observed: 'Calls of your own dialplan beside the policy',
} as const;

export type Tag = keyof typeof TAGS;

export interface Asked<Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType> {
  readonly params: z.output<Params>;
  readonly query: z.output<Query>;
  readonly body: z.output<Body>;
  readonly request: FastifyRequest;
}

type Nothing = z.ZodUndefined;

const NOTHING = z.strictObject({});

/** Makes the route of an operation: documented, checked, guarded and limited. */
export function resource<
  Params extends z.ZodType = Nothing,
  Query extends z.ZodType = Nothing,
  Body extends z.ZodType = Nothing,
>(
  server: FastifyInstance,
  tokens: Tokens,
  operation: Operation<Params, Query, Body>,
  answer: (asked: Asked<Params, Query, Body>, reply: FastifyReply) => unknown,
): void {
  const { method, url, id, tag, summary, description, scope, params, query, body } = operation;
  const { consumes, bodyLimit, produces = 'application/json' } = operation;
  const { rate = RATES.read } = operation;
  server.route({
    // The head of a stream without an end would have none.
    ...{ method, url, exposeHeadRoute: produces !== EVENTS },
    ...(bodyLimit !== undefined && { bodyLimit }),
    config: { rateLimit: { max: rate.max, timeWindow: 60_000, groupId: rate.group } },
    preParsing: [
      ...(scope === 'none' ? [] : [requireScope(scope, tokens)]),
      ...(consumes === undefined ? [] : [requireType(consumes)]),
    ],
    schema: {
      operationId: id,
      tags: [tag],
      summary,
      ...(description !== undefined && { description }),
      security: scope === 'none' ? [] : [{ bearer: [scope] }],
      ...(consumes !== undefined && { consumes: [consumes] }),
      ...(params && { params }),
      // Also where nothing is read of it: what a client asks for in vain is told.
      querystring: query ?? NOTHING,
      ...(body && { body }),
      response: {
        200: {
          description: operation.answerText,
          content: { [produces]: { schema: operation.answer } },
        },
        default: {
          description: 'A problem (RFC 9457).',
          content: { [PROBLEM_TYPE]: { schema: Problem } },
        },
      },
    },
    handler: (request, reply) =>
      answer(
        {
          params: request.params as z.output<Params>,
          query: request.query as z.output<Query>,
          body: request.body as z.output<Body>,
          request,
        },
        reply,
      ),
  });
}

/** Passes bodies of this type alone: none of another is parsed in the thread that decides. */
function requireType(type: string): ScopeGuard {
  return ({ headers }, reply, _payload, done) => {
    const given = headers['content-type'];
    if (given === undefined || given.split(';')[0]?.trim().toLowerCase() === type) return done();
    sendProblem(reply, 'unsupported-media-type', { detail: `must be ${type}` });
  };
}
