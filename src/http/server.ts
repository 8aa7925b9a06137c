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
  /** What an operator should mend although calls are decided, one sentence each. */
  readonly warnings: () => readonly string[];
  /** Health of the trunks; without it the server knows nothing of trunks. */
  readonly trunks?: HealthStore;
  /** What was learned of their codecs; nothing without it. */
  readonly offers?: TrunkOffers;
  /** Allows trunks to be held and cleared; absent: neither is allowed. */
  readonly token?: string;
  /** Numbers are shown masked. */
  readonly maskNumbers?: boolean;
}

/** The operator's HTTP server; changing anything needs the token. Not listening yet. */
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
