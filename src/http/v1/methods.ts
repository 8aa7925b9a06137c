import type { FastifyInstance } from 'fastify';
import { sendProblem } from './send-problem';

/** Those of RFC 9110 and 5789 that a server may be asked by; CONNECT and TRACE are for proxies. */
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

/** Keeps which paths have routes, from now on. To be called before any route is made. */
export class KnownMethods {
  private readonly byUrl = new Map<string, Set<string>>();
  private isFull = false;

  constructor(private readonly server: FastifyInstance) {
    server.addHook('onRoute', ({ url, method, routePath, prefix }) => {
      if (this.isFull || url === prefix) return;
      const known = this.byUrl.get(routePath) ?? new Set();
      for (const one of [method].flat()) known.add(one);
      this.byUrl.set(routePath, known);
    });
  }

  /** Every other method of a path that has a route: 405 with `Allow` (RFC 9110, section 15.5.6). To be called last. */
  refuseOthers(): void {
    this.isFull = true;
    for (const [url, known] of this.byUrl) {
      const allowed = METHODS.filter((method) => known.has(method));
      const allow = allowed.join(', ');
      this.server.route({
        ...{ method: METHODS.filter((method) => !known.has(method)), url },
        schema: { hide: true },
        // Before a body is looked at.
        onRequest: (_request, reply) => {
          void reply.header('allow', allow);
          sendProblem(reply, 'wrong-method', { detail: `must be one of ${allow}` });
        },
        handler: () => undefined,
      });
    }
  }
}
