import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import type { Policy } from '../../../policy/policy';
import type { Shown } from '../../../records/shown';
import type { ReadingDesk } from '../../desk/desk';
import type { Tokens } from '../../token';
import { resource } from '../resource';
import { PolicyHash } from '../schemas/common';
import { PolicyInForce, PolicyText, PolicyVersions } from '../schemas/policies';
import { tell } from '../tell';

/** The policy in force and its file. */
export interface PolicyAtHand {
  readonly file: string;
  readonly current: () => Pick<Policy, 'hash' | 'mode' | 'trunks'>;
  readonly warnings: () => readonly string[];
}

export interface PoliciesParts {
  readonly desk: ReadingDesk;
  readonly policy: PolicyAtHand;
  readonly tokens: Tokens;
  readonly shown: Shown;
}

/** `GET /v1/policy`, `GET /v1/policies`, `GET /v1/policies/{hash}`. */
export function policies(
  server: FastifyInstance,
  { desk, policy, tokens, shown }: PoliciesParts,
): void {
  resource(
    server,
    tokens,
    {
      ...{ method: 'GET', url: '/policy', id: 'getPolicy', tag: 'policy', scope: 'read' },
      summary: 'The policy in force',
      answer: PolicyInForce,
      answerText: 'What it is and how its file stands; its text is that of its hash.',
    },
    (_, reply) => {
      const { hash, mode, trunks } = policy.current();
      const names = [...trunks.keys()];
      const told = { hash, file: policy.file, mode, trunks: names, warnings: policy.warnings() };
      return reply.type('application/json; charset=utf-8').send(JSON.stringify(shown(told)));
    },
  );
  resource(
    server,
    tokens,
    {
      ...{ method: 'GET', url: '/policies', id: 'listPolicies', tag: 'policy', scope: 'read' },
      summary: 'Policies that were in force',
      answer: PolicyVersions,
      answerText: 'The latest first.',
    },
    (_, reply) => tell(reply, desk, { kind: 'policies' }),
  );
  resource(
    server,
    tokens,
    {
      ...{ method: 'GET', url: '/policies/:hash', id: 'getPolicyText', tag: 'policy' },
      scope: 'read',
      summary: 'One of these, as its file was',
      params: z.strictObject({ hash: PolicyHash }),
      answer: PolicyText,
      answerText: 'The policy.',
    },
    ({ params: { hash } }, reply) => tell(reply, desk, { kind: 'policy', hash }),
  );
}
