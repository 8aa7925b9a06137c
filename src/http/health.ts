import type { FastifyInstance } from 'fastify';

/** `GET /health`: 200 while the process serves requests; restart it when this stops answering. */
export function health(server: FastifyInstance): void {
  server.get('/health', () => ({ status: 'ok' }));
}
