import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Shown } from '../records/shown';

/**
 * Whatever leaves this server as JSON goes through `shown`; answers of the framework itself, which repeat
 * what was asked, are replaced by ours. To be called before any route is made.
 */
export function answerOnly(server: FastifyInstance, shown: Shown): void {
  server.addHook('preSerialization', (_request, _reply, payload, done) => {
    done(null, shown(payload));
  });
  server.setNotFoundHandler((_request, reply) =>
    reply.code(404).send({ errors: ['nothing is here'] }),
  );
  server.setErrorHandler((error: ErrorWithStatus, _request, reply) => refuse(error, reply));
}

interface ErrorWithStatus {
  readonly statusCode?: number;
}

/** An error that the framework has met. What it says may be of anybody. */
export function refuse({ statusCode = 500 }: ErrorWithStatus, reply: FastifyReply): unknown {
  const why = statusCode < 500 ? 'the request cannot be read' : 'crankback could not answer';
  return reply.code(statusCode).send({ errors: [why] });
}
