import fastify, { type FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';
import type { Journal } from '../journal/journal';
import { health } from './health';
import { hunts } from './hunts';
import { metrics } from './metrics';
import { readiness, type ReadinessSource } from './readiness';

export interface HttpParts {
  readonly registry: Registry;
  readonly journal: Journal;
  readonly readiness: ReadinessSource;
  /** What an operator should mend although calls are decided, one sentence each. */
  readonly warnings: () => readonly string[];
}

/** The operator's HTTP server; read-only. Not listening yet. */
export function createHttpServer(parts: HttpParts): FastifyInstance {
  const server = fastify({ logger: false, bodyLimit: 1024, requestTimeout: 5000 });
  health(server);
  readiness(server, parts.readiness, parts.warnings);
  metrics(server, parts.registry);
  hunts(server, parts.journal);
  return server;
}
