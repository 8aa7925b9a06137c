import type { FastifyReply } from 'fastify';
import { problem, type ProblemName } from './problems';
import type { Problem } from './schemas/problem';

export const PROBLEM_TYPE = 'application/problem+json';

/** What cannot be done now may be possible in a moment. Seconds. */
const RETRY_AFTER = 2;

/** @param more fit to leave the process */
export function sendProblem(
  reply: FastifyReply,
  name: ProblemName,
  more: Omit<Problem, 'type' | 'title' | 'status'> = {},
): void {
  send(reply, problem(name, more));
}

export function send(reply: FastifyReply, told: Problem): void {
  if (told.status === 503) void reply.header('retry-after', String(RETRY_AFTER));
  // As text: no schema of a success is asked.
  void reply.code(told.status).type(PROBLEM_TYPE).send(JSON.stringify(told));
}
