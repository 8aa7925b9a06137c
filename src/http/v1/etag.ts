// Own entity tags: @fastify/etag tags problems as well, and reads no list in If-None-Match.
import { createHash, type Hash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';

/** Answers in full have an `ETag`; who sends it as `If-None-Match` gets 304 while nothing has changed (RFC 9110). */
export function tagAnswers(server: FastifyInstance): void {
  server.addHook('onSend', (request, reply, payload, done) => {
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (!isRead || reply.statusCode !== 200) return done();
    // Another thread may have made it, with the answer, or who sends it in slices.
    let tag = reply.getHeader('etag');
    if (tag === undefined && typeof payload === 'string')
      void reply.header('etag', (tag = tagOf(payload)));
    if (typeof tag !== 'string') return done();
    if (!isNamed(tag, request.headers['if-none-match'])) return done();
    void reply.code(304).removeHeader('content-type');
    return done(null, '');
  });
}

/** Entity tag of an answer. */
export function tagOf(text: string): string {
  return tagFrom(tagHash().update(text));
}

/** For an answer that is made piece by piece. */
export function tagHash(): Hash {
  return createHash('sha1');
}

export function tagFrom(hash: Hash): string {
  return `"${hash.digest('base64url')}"`;
}

/** Weak comparison. */
function isNamed(tag: string, asked: string | undefined): boolean {
  if (asked === undefined) return false;
  if (asked.trim() === '*') return true;
  return asked.split(',').some((one) => one.trim().replace(/^W\//, '') === tag);
}
