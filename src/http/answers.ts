import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Shown } from '../records/shown';
import { PROBLEMS, V1, type ProblemName } from './v1/problems';
import { sendProblem } from './v1/send-problem';

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

/** What is refused before any route is asked: as a problem where the API has versions. */
export function refuseRequest(
  { url }: FastifyRequest,
  reply: FastifyReply,
  name: ProblemName,
  why: string,
): void {
  if (url.startsWith(`${V1}/`)) sendProblem(reply, name, { detail: why });
  else {
    const errors = [why];
    void reply.code(PROBLEMS[name].status).send({ errors });
  }
}

/** A request that the framework cannot even find a route for. */
export function refuseUnrouted(
  error: ErrorWithStatus,
  { url }: FastifyRequest,
  reply: FastifyReply,
): void {
  if (url.startsWith(`${V1}/`)) {
    const detail = 'the path is not percent-encoded UTF-8, or a part of it is too long';
    sendProblem(reply, 'invalid-request', { detail });
  } else void refuse(error, reply);
}

interface ErrorWithStatus {
  readonly statusCode?: number;
}

/** An error that the framework has met. What it says may be of anybody. */
export function refuse({ statusCode = 500 }: ErrorWithStatus, reply: FastifyReply): unknown {
  const why = statusCode < 500 ? 'the request cannot be read' : 'crankback could not answer';
  return reply.code(statusCode).send({ errors: [why] });
}
