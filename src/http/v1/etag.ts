// Own entity tags: @fastify/etag tags problems as well, and reads no list in If-None-Match.
import { createHash, type Hash } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { problem } from './problems';
import { PROBLEM_TYPE, sendProblem } from './send-problem';

/**
 * Answers in full have an `ETag`; who sends it as `If-None-Match` gets 304 while nothing has changed, and who sends another
 * one as `If-Match` a problem (RFC 9110, section 13).
 */
export function tagAnswers(server: FastifyInstance): void {
  server.addHook('preHandler', (request, reply, done) => {
    if (isReading(request) || request.headers['if-match'] === undefined) return done();
    // What is changed by its own path has no representation that could have been read before.
    sendProblem(reply, 'precondition-failed', { detail: NO_TAG_HERE });
  });
  server.addHook('onSend', (request, reply, payload, done) => {
    if (!isReading(request) || reply.statusCode !== 200) return done();
    // Another thread may have made it, with the answer, or who sends it in slices.
    let tag = reply.getHeader('etag');
    if (tag === undefined && typeof payload === 'string')
      void reply.header('etag', (tag = tagOf(payload)));
    if (typeof tag !== 'string') return done();
    const { 'if-match': expected, 'if-none-match': known } = request.headers;
    if (expected !== undefined && !tagsIn(expected).some((one) => one === '*' || one === tag)) {
      void reply.code(412).removeHeader('etag').type(`${PROBLEM_TYPE}; charset=utf-8`);
      return done(null, JSON.stringify(problem('precondition-failed')));
    }
    if (known === undefined || !tagsIn(known).some((one) => one === '*' || weakly(one) === tag))
      return done();
    void reply.code(304).removeHeader('content-type');
    return done(null, '');
  });
}

const NO_TAG_HERE = 'nothing here has a tag that could match: send it without If-Match';

function isReading({ method }: FastifyRequest): boolean {
  return method === 'GET' || method === 'HEAD';
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

/** Entity tags of a list, or `*` (RFC 9110, section 8.8.3); what is neither is none. */
function tagsIn(list: string): readonly string[] {
  if (list.trim() === '*') return ['*'];
  return list.match(/(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"/g) ?? [];
}

function weakly(tag: string): string {
  return tag.replace(/^W\//, '');
}
