import type { FastifyInstance } from 'fastify';
import { codecText } from '../codecs/registry';
import type { LearnedOffer } from '../codecs/learned';
import type { HealthStore } from '../trunks/health/health-store';

/** Learned offers of trunks. */
export interface TrunkOffers {
  list(): readonly LearnedOffer[];
  forget(trunk: string): void;
}

/** `GET /trunks`: every trunk's state, reason, start, end, counts and learned offer. */
export function trunks(
  server: FastifyInstance,
  store: Pick<HealthStore, 'list'>,
  learned?: Pick<TrunkOffers, 'list'>,
): void {
  server.get('/trunks', () => {
    const offers = new Map((learned?.list() ?? []).map((offer) => [offer.trunk, offer]));
    return {
      trunks: store.list().map((report) => {
        const offer = offers.get(report.trunk);
        if (!offer) return report;
        return {
          ...report,
          offer: { codecs: offer.codecs.map(codecText), until: offer.until },
        };
      }),
    };
  });
}
