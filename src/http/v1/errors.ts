import type { FastifyInstance, FastifyReply } from 'fastify';
import type * as z from 'zod';
import type { Shown } from '../../records/shown';
import type { ProblemName } from './problems';
import type { InvalidField } from './schemas/problem';
import { sendProblem } from './send-problem';

interface FrameworkError {
  readonly statusCode?: number;
  readonly validation?: readonly { readonly instancePath: string; readonly message?: string }[];
  readonly validationContext?: string;
}

const BY_STATUS: Readonly<Record<number, ProblemName>> = {
  404: 'not-found',
  413: 'too-large',
  415: 'unsupported-media-type',
  429: 'too-many-requests',
};

const UNREADABLE = 'the body cannot be read: it must be JSON, without a key __proto__';

const PLACES: Readonly<Record<string, z.output<typeof InvalidField>['in']>> = {
  querystring: 'query',
  params: 'path',
  body: 'body',
  headers: 'header',
};

/** What the framework refuses is told as a problem; nothing of its own words leaves, which may be anybody's. */
export function tellErrors(server: FastifyInstance, shown: Shown): void {
  server.setNotFoundHandler((_request, reply) => {
    sendProblem(reply, 'not-found', { detail: 'nothing is here' });
    return reply;
  });
  server.setErrorHandler((error: FrameworkError, { routeOptions }, reply) => {
    tellError(error, reply, shown, routeOptions.bodyLimit);
    return reply;
  });
}

/** @param bodyLimit bytes */
function tellError(
  error: FrameworkError,
  reply: FastifyReply,
  shown: Shown,
  bodyLimit: number | undefined,
): void {
  const { statusCode = 500, validation, validationContext = '' } = error;
  if (validation) {
    const errors = validation.map(({ instancePath, message = '' }) => ({
      in: PLACES[validationContext] ?? 'body',
      name: instancePath.split('/').slice(1).join('.'),
      detail: message,
    }));
    return sendProblem(reply, 'invalid-request', shown({ errors }));
  }
  const otherwise = statusCode < 500 ? 'invalid-request' : 'failed';
  const name = BY_STATUS[statusCode] ?? otherwise;
  if (name === 'too-large') {
    const detail = `must be at most ${bodyLimit} bytes`;
    return sendProblem(reply, name, { errors: [{ in: 'body', name: '', detail }] });
  }
  sendProblem(reply, name, name === 'invalid-request' ? { detail: UNREADABLE } : {});
}
