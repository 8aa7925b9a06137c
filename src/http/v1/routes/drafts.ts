import { isUtf8 } from 'node:buffer';
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import type { ReadingDesk } from '../../desk/desk';
import type { PolicyAsked } from '../../desk/job';
import type { Tokens } from '../../token';
import { RATES, resource } from '../resource';
import {
  LARGEST_POLICY,
  MOST_REPLAYED,
  PostedPolicy,
  Replay,
  ReplayQuery,
  SimulateQuery,
  Simulation,
  Suggestions,
} from '../schemas/drafts';
import { Period } from '../schemas/common';
import { Check } from '../schemas/policies';
import { tell } from '../tell';
import { periodOf, WEEK_MS } from './period';
import type { PolicyAtHand } from './policies';

export interface DraftsParts {
  readonly desk: ReadingDesk;
  readonly policy: PolicyAtHand;
  readonly tokens: Tokens;
  /** Unix time in milliseconds. */
  readonly now: () => number;
}

/** RFC 9512; what a policy file is sent as. */
const YAML = 'application/yaml';
const POSTED = {
  ...({ method: 'POST', tag: 'policy', scope: 'read', rate: RATES.draft } as const),
  ...{ consumes: YAML, bodyLimit: LARGEST_POLICY },
};

/** `POST /v1/policy/check`, `/simulate`, `/replay`, `GET /v1/suggestions`: nothing of it changes anything. */
export function drafts(server: FastifyInstance, { desk, policy, tokens, now }: DraftsParts): void {
  // As bytes: nothing is parsed in the thread that decides.
  server.addContentTypeParser(YAML, { parseAs: 'buffer' }, (_request, body: Buffer, done) => {
    if (isUtf8(body)) done(null, body.toString('utf8'));
    else done(Object.assign(new Error('no UTF-8'), { statusCode: 400 }));
  });
  const asked = (text: string | undefined): PolicyAsked =>
    text === undefined || text === '' ? { hash: policy.current().hash } : { text };
  resource(
    server,
    tokens,
    {
      ...POSTED,
      ...{ url: '/policy/check', id: 'checkPolicy' },
      summary: 'Check a policy, as `crankback check`',
      body: PostedPolicy,
      answer: Check,
      answerText: 'Its problems and warnings; a policy with problems is an answer as well.',
    },
    ({ body: text }, reply) => tell(reply, desk, { kind: 'check', text }),
  );
  resource(
    server,
    tokens,
    {
      ...POSTED,
      ...{ url: '/policy/simulate', id: 'simulateCall' },
      summary: 'Play a call against a policy, as `crankback simulate`',
      description: 'Without a body: against the policy in force. No call is made.',
      query: SimulateQuery,
      body: PostedPolicy.optional(),
      answer: Simulation,
      answerText: 'The ladder of the call.',
    },
    ({ query: { say, hold, at, ...call }, body }, reply) =>
      tell(reply, desk, {
        ...{ kind: 'simulate', policy: asked(body) },
        call: { ...call, says: say, held: hold, startedAt: at ?? now() },
      }),
  );
  resource(
    server,
    tokens,
    {
      ...POSTED,
      ...{ url: '/policy/replay', id: 'replayCalls' },
      summary: 'Which recorded calls a policy would have sent elsewhere, as `crankback replay`',
      description:
        'Without a body: the policy in force. After five seconds it ends with the calls that it has looked at, the latest.',
      query: ReplayQuery,
      body: PostedPolicy.optional(),
      answer: Replay,
      answerText: 'What differs, grouped.',
    },
    ({ query: { since, until, limit }, body }, reply) => {
      const period = periodOf({ since, until }, { now: now(), usual: WEEK_MS, reply });
      if (!period) return reply;
      return tell(reply, desk, {
        ...{ kind: 'replay', policy: asked(body) },
        period: { ...period, limit },
      });
    },
  );
  resource(
    server,
    tokens,
    {
      ...{ method: 'GET', url: '/suggestions', id: 'getSuggestions', tag: 'policy' },
      ...{ scope: 'read', rate: RATES.draft },
      summary: 'Lines that the record suggests for the policy in force, as `crankback suggest`',
      description: 'Without `since`: a week before `until`. Nothing is applied.',
      query: z.strictObject(Period),
      answer: Suggestions,
      answerText: 'Suggestions with their evidence, each replayed.',
    },
    ({ query: { since, until } }, reply) => {
      const period = periodOf({ since, until }, { now: now(), usual: WEEK_MS, reply });
      if (!period) return reply;
      return tell(reply, desk, {
        ...{ kind: 'suggestions', hash: policy.current().hash },
        period: { ...period, limit: MOST_REPLAYED },
      });
    },
  );
}
