import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import type { LiveEvents } from '../../live/live-events';
import type { Tokens } from '../../token';
import { EVENTS, resource } from '../resource';
import { sendProblem } from '../send-problem';

/** `GET /v1/events`. */
export function events(
  server: FastifyInstance,
  { live, tokens }: { live: LiveEvents; tokens: Tokens },
): void {
  resource(
    server,
    tokens,
    {
      ...{ method: 'GET', url: '/events', id: 'followEvents', tag: 'events', scope: 'read' },
      summary: 'What happens, as it happens',
      description:
        'Server-sent events: `event` is the kind, `data` an `Event`, `id` its place; the stream begins with an `id` alone. A client that comes back sends the last id as `Last-Event-ID` and gets what it missed, each event once; an event `gap` (`Gap`) says what is no longer there, without a number where nobody knows it: after a restart of the service, or with an id that is none of its. A client that does not read is dropped. Events come within a third of a second, comments while nothing happens.',
      answer: z.string(),
      answerText: 'The stream; it does not end by itself.',
      produces: EVENTS,
    },
    ({ request }, reply) => {
      const lastId = request.headers['last-event-id'];
      const stream = live.follow(typeof lastId === 'string' ? lastId : undefined);
      if (!stream) {
        sendProblem(reply, 'busy', { detail: 'too many follow the events' });
        return reply;
      }
      request.raw.once('close', () => stream.destroy());
      // It ends with its connection: so each write goes out as it is, without the frame of a chunk.
      reply.raw.removeHeader('transfer-encoding');
      return reply
        .headers({ connection: 'close', 'x-accel-buffering': 'no' })
        .type(EVENTS)
        .send(stream);
    },
  );
}
