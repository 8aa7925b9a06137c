import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * Passes only requests with `Authorization: Bearer <token>`: 401 without the right token, 403 if no token
 * is set and so no change is allowed.
 */
export function requireToken(token: string | undefined) {
  return (request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
    if (token === undefined) {
      const errors = ['no token is set (CRANKBACK_HTTP_TOKEN_FILE): nothing can be changed'];
      void reply.code(403).send({ errors });
      return;
    }
    const [, given] = /^Bearer ([!-~]{1,256})$/i.exec(request.headers.authorization ?? '') ?? [];
    if (given === undefined || !isSame(given, token)) {
      void reply
        .code(401)
        .header('www-authenticate', 'Bearer')
        .send({ errors: ['needs the token of CRANKBACK_HTTP_TOKEN_FILE'] });
      return;
    }
    done();
  };
}

/** Compares in a time that does not depend on where the texts differ. */
function isSame(a: string, b: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(a), hash(b));
}
