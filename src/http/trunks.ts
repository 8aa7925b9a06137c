import type { FastifyInstance, onRequestHookHandler } from 'fastify';
import { codecText } from '../codecs/registry';
import type { LearnedOffer } from '../codecs/learned';
import type { PolicyMode } from '../policy/policy-data';
import type { HealthStore } from '../trunks/health/health-store';
import type { LimitSeen } from '../trunks/limits/trunk-limits';
import type { Shown } from '../records/shown';
import type { UnclassifiedOfTrunk } from '../records/unclassified';
import { sendList } from './json-list';

/** Learned offers of trunks. */
export interface TrunkOffers {
  of(trunk: string): LearnedOffer | undefined;
  forget(trunk: string): void;
}

/** What trunks say that nothing classifies. */
export interface TrunkTold {
  of(trunk: string): UnclassifiedOfTrunk | undefined;
}

/** What else is known of trunks. */
export interface BesideHealth {
  readonly offers?: Pick<TrunkOffers, 'of'>;
  readonly unclassified?: TrunkTold;
  /** The mode of calls that begin with a trunk. */
  readonly modeOf?: (trunk: string) => PolicyMode;
  /** What the trunk may carry, and how much of it is in use. */
  readonly limitsOf?: (trunk: string) => readonly LimitSeen[];
}

type Report = NonNullable<ReturnType<HealthStore['reportOf']>>;

/**
 * `GET /trunks`: every trunk's mode, limits, quality, state, reason, start, end, counts, learned offer, and what it said that nothing
 * classifies; `GET /trunks/:name`: one trunk's.
 */
export function trunks(
  server: FastifyInstance,
  store: Pick<HealthStore, 'reports' | 'reportOf'>,
  onRequest: onRequestHookHandler,
  shown: Shown,
  { offers, unclassified, modeOf, limitsOf }: BesideHealth = {},
): void {
  const told = ({ quality, ...report }: Report) => {
    const offer = offers?.of(report.trunk);
    const unknown = unclassified?.of(report.trunk);
    const limits = limitsOf?.(report.trunk) ?? [];
    return {
      ...report,
      ...(modeOf && { mode: modeOf(report.trunk) }),
      ...(limits.length > 0 && { limits }),
      ...(quality.length > 0 && { quality }),
      ...(offer && { offer: { codecs: offer.codecs.map(codecText), until: offer.until } }),
      ...(unknown && { unclassified: unknown }),
    };
  };
  server.get('/trunks', { onRequest }, (_request, reply) =>
    sendList(reply, 'trunks', store.reports(), (report) => shown(told(report))),
  );
  server.get<{ Params: { name: string } }>('/trunks/:name', { onRequest }, (request, reply) => {
    const { name } = request.params;
    const report = store.reportOf(name);
    if (!report) return reply.code(404).send({ errors: ['the policy has no such trunk'] });
    return told(report);
  });
}
