import type { FastifyInstance, onRequestHookHandler } from 'fastify';
import { codecText } from '../codecs/registry';
import type { LearnedOffer } from '../codecs/learned';
import type { HealthStore } from '../trunks/health/health-store';
import type { Shown } from '../records/shown';
import { sendList } from './json-list';

/** Learned offers of trunks. */
export interface TrunkOffers {
  list(): readonly LearnedOffer[];
  forget(trunk: string): void;
}

/** `GET /trunks`: every trunk's state, reason, start, end, counts and learned offer. */
export function trunks(
  server: FastifyInstance,
  store: Pick<HealthStore, 'list'>,
  onRequest: onRequestHookHandler,
  shown: Shown,
  learned?: Pick<TrunkOffers, 'list'>,
): void {
  server.get('/trunks', { onRequest }, (_request, reply) => {
    const offers = new Map((learned?.list() ?? []).map((offer) => [offer.trunk, offer]));
    return sendList(reply, 'trunks', store.list(), (report) => {
      const offer = offers.get(report.trunk);
      return shown({
        ...report,
        ...(offer && { offer: { codecs: offer.codecs.map(codecText), until: offer.until } }),
      });
    });
  });
}
