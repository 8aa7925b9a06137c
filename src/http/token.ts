import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** What clients prove with what they may do. */
export interface Tokens {
  /** Allows trunks to be held and cleared, and everything to be read; absent: nothing can be changed. */
  readonly operate?: string;
  /** Allows everything to be read; absent: everybody may read. */
  readonly read?: string;
}

type Guard = (request: FastifyRequest, reply: FastifyReply, done: () => void) => void;

/**
 * Passes only requests with `Authorization: Bearer <token>`: 401 without the right token, 403 if no token
 * is set and so no change is allowed.
 */
export function requireOperator({ operate }: Tokens): Guard {
  return (request, reply, done) => {
    if (operate === undefined) {
      const errors = ['no token is set (CRANKBACK_HTTP_TOKEN_FILE): nothing can be changed'];
      void reply.code(403).send({ errors });
    } else if (sends(request, operate)) done();
    else refuse(reply, 'CRANKBACK_HTTP_TOKEN_FILE');
  };
}

/** The same for reading: either token does, and where none is set for reading, none is needed. */
export function requireReader(tokens: Tokens): Guard {
  return (request, reply, done) => {
    if (mayRead(request, tokens)) done();
    else refuse(reply, 'CRANKBACK_HTTP_READ_TOKEN_FILE');
  };
}

export function mayRead(request: FastifyRequest, { operate, read }: Tokens): boolean {
  if (read === undefined || sends(request, read)) return true;
  return operate !== undefined && sends(request, operate);
}

function refuse(reply: FastifyReply, setting: string): void {
  void reply
    .code(401)
    .header('www-authenticate', 'Bearer')
    .send({ errors: [`needs the token of ${setting}`] });
}

export function sends({ headers }: FastifyRequest, token: string): boolean {
  const [, given] = /^Bearer ([!-~]{1,256})$/i.exec(headers.authorization ?? '') ?? [];
  return given !== undefined && isSame(given, token);
}

/** In a time that tells nothing about where they differ. */
function isSame(a: string, b: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(a), hash(b));
}
