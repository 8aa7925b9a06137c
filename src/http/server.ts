import fastify, { type FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';
import type { Journal } from '../records/journal';
import type { HealthStore } from '../trunks/health/health-store';
import { showing } from '../records/shown';
import { answerOnly, refuse } from './answers';
import { health } from './health';
import { hunts } from './hunts';
import { metrics } from './metrics';
import { readiness, type ReadinessSource } from './readiness';
import { trunkClear } from './trunk-clear';
import { trunkHold } from './trunk-hold';
import { trunks, type TrunkOffers } from './trunks';

export interface HttpParts {
  readonly registry: Registry;
  readonly journal: Journal;
  readonly readiness: ReadinessSource;
  /** What an operator should repair although calls are decided, one sentence each. */
  readonly warnings: () => readonly string[];
  /** Health of the trunks; absent: no routes for trunks. */
  readonly trunks?: HealthStore;
  /** Learned offers of the trunks; absent: none are shown. */
  readonly offers?: TrunkOffers;
  /** Allows holding and clearing trunks; absent: neither is allowed. */
  readonly token?: string;
  /** Numbers are shown masked. */
  readonly maskNumbers?: boolean;
}

/** The operator's HTTP server, not listening yet. Changes need the token. */
export function createHttpServer(parts: HttpParts): FastifyInstance {
  const server = fastify({
    logger: false,
    bodyLimit: 1024,
    requestTimeout: 5000,
    frameworkErrors: (error, _request, reply) => void refuse(error, reply),
  });
  const shown = showing({ maskNumbers: parts.maskNumbers ?? false });
  answerOnly(server, shown);
  health(server);
  readiness(server, parts.readiness, parts.warnings);
  metrics(server, parts.registry);
  hunts(server, parts.journal, shown);
  if (parts.trunks) {
    trunks(server, parts.trunks, parts.offers);
    trunkHold(server, parts.trunks, parts.token, shown);
    trunkClear(server, parts.trunks, parts);
  }
  return server;
}
