// Own entity tags: @fastify/etag tags problems as well, and reads no list in If-None-Match.
import { createHash, type Hash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** Answers in full have an `ETag`; who sends it as `If-None-Match` gets 304 while nothing has changed (RFC 9110). */
export function tagAnswers(server: FastifyInstance): void {
  server.addHook('onSend', (request, reply, payload, done) => {
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (!isRead || reply.statusCode !== 200 || typeof payload !== 'string') return done();
    const hash = createHash('sha1').update(payload);
    if (!isKnown(hash, request, reply)) return done();
    void reply.removeHeader('content-type');
    return done(null, '');
  });
}

/**
 * Sets the tag of an answer, and 304 where the client has that answer already.
 * @param hash of all of it
 */
export function isKnown(hash: Hash, { headers }: FastifyRequest, reply: FastifyReply): boolean {
  const tag = `"${hash.digest('base64url')}"`;
  void reply.header('etag', tag);
  if (!isNamed(tag, headers['if-none-match'])) return false;
  void reply.code(304);
  return true;
}

/** Weak comparison. */
function isNamed(tag: string, asked: string | undefined): boolean {
  if (asked === undefined) return false;
  if (asked.trim() === '*') return true;
  return asked.split(',').some((one) => one.trim().replace(/^W\//, '') === tag);
}
