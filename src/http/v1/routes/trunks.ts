import type { FastifyInstance, FastifyReply } from 'fastify';
import * as z from 'zod';
import { codecText } from '../../../codecs/registry';
import type { Shown } from '../../../records/shown';
import type { QualitySeen } from '../../../trunks/health/quality/quality';
import type { HealthStore, TrunkReport } from '../../../trunks/health/health-store';
import type { Tokens } from '../../token';
import type { BesideHealth, TrunkOffers, TrunkTold } from '../../trunks';
import { RATES, resource } from '../resource';
import { Name } from '../schemas/common';
import { ClearBody, HoldBody, Trunk, TrunkList, type QualityFigure } from '../schemas/trunks';
import { sendProblem } from '../send-problem';
import { sendTaggedList } from '../tagged-list';
import { known, secondsOf, timeOf } from '../told/units';

export interface TrunksParts extends BesideHealth {
  readonly store: Pick<HealthStore, 'reports' | 'reportOf' | 'hold' | 'clear'>;
  readonly offers?: TrunkOffers;
  readonly unclassified?: TrunkTold;
  readonly tokens: Tokens;
  readonly shown: Shown;
  /** An operator has changed something; for the log. */
  readonly operated: (what: Operated) => void;
}

/** What an operator did to a trunk, and why. */
export interface Operated {
  readonly trunk: string;
  readonly did: 'hold' | 'clear';
  readonly why: string;
  readonly seconds?: number;
}

const Params = z.strictObject({ trunk: Name });

/** `GET /v1/trunks`, `GET /v1/trunks/{trunk}`, `POST …/hold`, `POST …/clear`. */
export function trunks(server: FastifyInstance, parts: TrunksParts): void {
  const { store, tokens, shown, offers, unclassified, operated } = parts;
  const send = (reply: FastifyReply, told: object): FastifyReply =>
    reply.type('application/json; charset=utf-8').send(JSON.stringify(shown(told)));
  const one = (name: string, reply: FastifyReply): FastifyReply => {
    const report = store.reportOf(name);
    if (!report) return unknown(reply);
    const told = toldTrunk(report, parts);
    const said = unclassified?.of(name);
    return send(reply, {
      ...told,
      ...(said && {
        unclassified: {
          leftOut: said.leftOut,
          seen: said.seen.map(({ lastAt, ...seen }) => ({ ...seen, lastAt: timeOf(lastAt) })),
        },
      }),
    });
  };
  resource(
    server,
    tokens,
    {
      ...{ method: 'GET', url: '/trunks', id: 'listTrunks', tag: 'trunks', scope: 'read' },
      summary: 'Every trunk of the policy with its state',
      answer: TrunkList,
      answerText: 'In the order of the policy.',
    },
    (_, reply) =>
      sendTaggedList(reply, 'trunks', store.reports(), (report) => shown(toldTrunk(report, parts))),
  );
  resource(
    server,
    tokens,
    {
      ...{ method: 'GET', url: '/trunks/:trunk', id: 'getTrunk', tag: 'trunks', scope: 'read' },
      summary: 'One trunk, with what it said that nothing classifies',
      params: Params,
      answer: Trunk,
      answerText: 'The trunk.',
    },
    ({ params }, reply) => one(params.trunk, reply),
  );
  resource(
    server,
    tokens,
    {
      ...{ method: 'POST', url: '/trunks/:trunk/hold', id: 'holdTrunk', tag: 'trunks' },
      ...{ scope: 'operate', rate: RATES.change },
      summary: 'Take a trunk out of the way',
      params: Params,
      body: HoldBody,
      answer: Trunk,
      answerText: 'The trunk, held.',
    },
    ({ params: { trunk }, body: { reason, forSeconds } }, reply) => {
      // Masked before it is kept: other instances have it from Redis.
      const { why } = shown({ why: reason });
      const lasting = forSeconds === undefined ? {} : { for: Math.round(forSeconds * 1_000) };
      if (!store.hold(trunk, { by: 'operator', why, ...lasting })) return unknown(reply);
      operated({
        trunk,
        did: 'hold',
        why,
        ...(forSeconds !== undefined && { seconds: forSeconds }),
      });
      return one(trunk, reply);
    },
  );
  resource(
    server,
    tokens,
    {
      ...{ method: 'POST', url: '/trunks/:trunk/clear', id: 'clearTrunk', tag: 'trunks' },
      ...{ scope: 'operate', rate: RATES.change },
      summary: 'Put a trunk back into use, whatever held it, and forget its learned codecs',
      params: Params,
      body: ClearBody,
      answer: Trunk,
      answerText: 'The trunk, in use.',
    },
    ({ params: { trunk }, body: { reason } }, reply) => {
      offers?.forget(trunk);
      if (!store.clear(trunk)) return unknown(reply);
      operated({ trunk, did: 'clear', why: shown({ why: reason }).why });
      return one(trunk, reply);
    },
  );
}

function unknown(reply: FastifyReply): FastifyReply {
  sendProblem(reply, 'not-found', { detail: 'the policy has no such trunk' });
  return reply;
}

function toldTrunk(
  { trunk, phase, access, since, trips, hold, counts, quality }: TrunkReport,
  { modeOf, limitsOf, offers }: Pick<TrunksParts, 'modeOf' | 'limitsOf' | 'offers'>,
): z.output<typeof Trunk> {
  const { far, local } = counts;
  const offer = offers?.of(trunk);
  const mode = modeOf?.(trunk);
  const limits = limitsOf?.(trunk) ?? [];
  return {
    ...{ trunk, phase, access, trips, ...known({ mode }) },
    ...(since !== undefined && { since: timeOf(since) }),
    ...(hold && {
      hold: {
        ...{ cause: hold.cause, side: hold.side, why: hold.why, ...known({ class: hold.class }) },
        since: timeOf(hold.since),
        ...(hold.until !== undefined && { until: timeOf(hold.until) }),
      },
    }),
    counts: { attempts: far.attempts, faults: far.faults, localFaults: local.faults },
    ...(limits.length > 0 && { limits: [...limits] }),
    ...(quality.length > 0 && { quality: quality.map(toldQuality) }),
    ...(offer && { offer: { codecs: offer.codecs.map(codecText), until: timeOf(offer.until) } }),
  };
}

function toldQuality({ window, ms, ...seen }: QualitySeen): z.output<typeof QualityFigure> {
  return {
    ...seen,
    windowSeconds: secondsOf(window),
    ...(ms !== undefined && { seconds: secondsOf(ms) }),
  };
}
