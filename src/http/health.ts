import type { FastifyInstance } from 'fastify';

/** `GET /health`: 200 while the process serves requests; restart the process when it stops answering. */
export function health(server: FastifyInstance): void {
  server.get('/health', () => ({ status: 'ok' }));
}
