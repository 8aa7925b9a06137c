import type { FastifyInstance } from 'fastify';
import type { HealthStore } from '../trunks/store';

/** `GET /trunks`: every trunk's state, why, since when, until when, and what was counted. */
export function trunks(server: FastifyInstance, store: Pick<HealthStore, 'list'>): void {
  server.get('/trunks', () => ({ trunks: store.list() }));
}
