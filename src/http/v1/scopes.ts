import type { FastifyReply, FastifyRequest } from 'fastify';
import { mayRead, sends, type Tokens } from '../token';
import { sendProblem } from './send-problem';

/** `read`: everything may be read; `operate`: trunks may be held and cleared as well. */
export type Scope = 'read' | 'operate';

export type ScopeGuard = (
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
  done: () => void,
) => void;

/**
 * Passes only requests whose token has the scope. Answers by RFC 6750: 401 without a token that is ours, 403 where it
 * has not that scope. Behind the limits of rates, so that nobody tries tokens without end.
 */
export function requireScope(scope: Scope, tokens: Tokens): ScopeGuard {
  return (request, reply, _payload, done) => {
    const { operate } = tokens;
    if (scope === 'read' && mayRead(request, tokens)) return done();
    if (scope === 'operate' && operate === undefined) {
      const detail = 'no token is set (CRANKBACK_HTTP_TOKEN_FILE): nothing can be changed';
      return sendProblem(reply, 'changes-off', { detail });
    }
    if (operate !== undefined && sends(request, operate)) return done();
    const isReader = tokens.read !== undefined && sends(request, tokens.read);
    const given = request.headers.authorization !== undefined;
    const error = isReader ? 'insufficient_scope' : given ? 'invalid_token' : undefined;
    const said = error === undefined ? '' : `, error="${error}"`;
    void reply.header('www-authenticate', `Bearer realm="crankback", scope="${scope}"${said}`);
    sendProblem(reply, isReader ? 'insufficient-scope' : 'unauthorized', {
      detail: `needs the token of ${SETTINGS[scope]}`,
    });
  };
}

const SETTINGS = {
  read: 'CRANKBACK_HTTP_READ_TOKEN_FILE',
  operate: 'CRANKBACK_HTTP_TOKEN_FILE',
} as const;
