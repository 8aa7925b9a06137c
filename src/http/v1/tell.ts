import type { FastifyReply } from 'fastify';
import type { ReadingDesk } from '../desk/desk';
import type { Job } from '../desk/job';
import { send } from './send-problem';

/** Sends what the desk has to say to a job. */
export async function tell(
  reply: FastifyReply,
  desk: ReadingDesk,
  job: Job,
): Promise<FastifyReply> {
  const done = await desk.do(job);
  if ('problem' in done) {
    send(reply, done.problem);
    return reply;
  }
  if (reply.request.method !== 'POST') void reply.header('etag', done.tag);
  return reply.type('application/json; charset=utf-8').send(done.bytes);
}
