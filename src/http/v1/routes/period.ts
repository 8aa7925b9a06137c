import type { FastifyReply } from 'fastify';
import { sendProblem } from '../send-problem';

export interface Period {
  readonly since: number;
  readonly until: number;
}

/**
 * The period that is asked for; a problem is sent where there is none.
 * @param usual how far back without `since`. Milliseconds
 */
export function periodOf(
  asked: { readonly since?: number | undefined; readonly until?: number | undefined },
  { now, usual, reply }: { now: number; usual: number; reply: FastifyReply },
): Period | undefined {
  const until = Math.min(asked.until ?? now, now);
  const since = asked.since ?? Math.max(0, until - usual);
  if (since < until) return { since, until };
  const detail = 'must be before until, and in the past';
  sendProblem(reply, 'invalid-request', { errors: [{ in: 'query', name: 'since', detail }] });
  return undefined;
}

export const HOUR_MS = 3_600_000;
export const WEEK_MS = 7 * 24 * HOUR_MS;
