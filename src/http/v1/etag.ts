// Own entity tags: @fastify/etag tags problems as well, and reads no list in If-None-Match.
import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';

/** Answers in full have an `ETag`; who sends it as `If-None-Match` gets 304 while nothing has changed (RFC 9110). */
export function tagAnswers(server: FastifyInstance): void {
  server.addHook('onSend', (request, reply, payload, done) => {
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (!isRead || reply.statusCode !== 200 || typeof payload !== 'string') return done();
    const tag = `"${createHash('sha1').update(payload).digest('base64url')}"`;
    void reply.header('etag', tag);
    if (!isNamed(tag, request.headers['if-none-match'])) return done();
    void reply.code(304).removeHeader('content-type');
    return done(null, '');
  });
}

/** Weak comparison. */
function isNamed(tag: string, asked: string | undefined): boolean {
  if (asked === undefined) return false;
  if (asked.trim() === '*') return true;
  return asked.split(',').some((one) => one.trim().replace(/^W\//, '') === tag);
}
