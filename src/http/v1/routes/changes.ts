import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import type { ReadingDesk } from '../../desk/desk';
import type { Tokens } from '../../token';
import { resource } from '../resource';
import { ChangeList, ChangesQuery, Fleet, RulesUsed, TrunkFailures } from '../schemas/changes';
import { Name, Period, PolicyHash } from '../schemas/common';
import { tell } from '../tell';
import { HOUR_MS, periodOf, WEEK_MS } from './period';

export interface ChangesParts {
  readonly desk: ReadingDesk;
  readonly tokens: Tokens;
  /** Unix time in milliseconds. */
  readonly now: () => number;
}

/** `GET /v1/changes`, `GET /v1/fleet`, `GET /v1/trunks/{trunk}/failures`, `GET /v1/policies/{hash}/rules`. */
export function changes(server: FastifyInstance, { desk, tokens, now }: ChangesParts): void {
  resource(
    server,
    tokens,
    {
      ...{ method: 'GET', url: '/changes', id: 'listChanges', tag: 'events', scope: 'read' },
      summary: 'What changed: trunks, the policy, connections to PBXes',
      description: 'Without `since`: the hour before `until`. Without `until`: until now.',
      query: ChangesQuery,
      answer: ChangeList,
      answerText: 'Changes as the journal has them.',
    },
    ({ query: { since, until, ...more } }, reply) => {
      const period = periodOf({ since, until }, { now: now(), usual: HOUR_MS, reply });
      return period ? tell(reply, desk, { kind: 'changes', asked: { ...period, ...more } }) : reply;
    },
  );
  resource(
    server,
    tokens,
    {
      ...{ method: 'GET', url: '/fleet', id: 'getFleet', tag: 'events', scope: 'read' },
      summary: 'Instances and PBXes, with the last that is known of each',
      answer: Fleet,
      answerText: 'As the journal of this instance has it.',
    },
    (_, reply) => tell(reply, desk, { kind: 'fleet' }),
  );
  resource(
    server,
    tokens,
    {
      ...{ method: 'GET', url: '/trunks/:trunk/failures', id: 'getTrunkFailures', tag: 'trunks' },
      scope: 'read',
      summary: 'What a trunk said when it failed, as `crankback trunks NAME` shows it',
      description: 'Without `since`: the hour before `until`. Without `until`: until now.',
      params: z.strictObject({ trunk: Name }),
      query: z.strictObject(Period),
      answer: TrunkFailures,
      answerText: 'Status, phrase and class together.',
    },
    ({ params: { trunk }, query }, reply) => {
      const period = periodOf(query, { now: now(), usual: HOUR_MS, reply });
      return period
        ? tell(reply, desk, { kind: 'trunk-failures', asked: { trunk, ...period } })
        : reply;
    },
  );
  resource(
    server,
    tokens,
    {
      ...{ method: 'GET', url: '/policies/:hash/rules', id: 'listRulesUsed', tag: 'policy' },
      scope: 'read',
      summary: 'How often each rule of a policy decided, and how many of its calls were saved',
      description: 'Without `since`: a week before `until`. Without `until`: until now.',
      params: z.strictObject({ hash: PolicyHash }),
      query: z.strictObject(Period),
      answer: RulesUsed,
      answerText: 'Rules by their lines.',
    },
    ({ params: { hash }, query }, reply) => {
      const period = periodOf(query, { now: now(), usual: WEEK_MS, reply });
      return period
        ? tell(reply, desk, { kind: 'rules', asked: { policy: hash, ...period } })
        : reply;
    },
  );
}
