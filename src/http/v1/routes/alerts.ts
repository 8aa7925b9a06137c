import type { FastifyInstance } from 'fastify';
import type { Alerts } from '../../../notify/alerts';
import type { Tokens } from '../../token';
import { RATES, resource } from '../resource';
import { IncidentList, TestBody, Tested } from '../schemas/alerts';
import { sendProblem } from '../send-problem';

/** `GET /v1/alerts`, `POST /v1/alerts/test`. */
export function alerts(
  server: FastifyInstance,
  { alerts, tokens }: { alerts: Pick<Alerts, 'list' | 'test'>; tokens: Tokens },
): void {
  resource(
    server,
    tokens,
    {
      ...{ method: 'GET', url: '/alerts', id: 'listAlerts', tag: 'alerts', scope: 'read' },
      summary: 'Incidents that are open',
      answer: IncidentList,
      answerText: 'The worst and the latest first; none where the policy has no `alerts`.',
    },
    (_, reply) =>
      reply
        .type('application/json; charset=utf-8')
        .send(JSON.stringify({ incidents: alerts.list() })),
  );
  resource(
    server,
    tokens,
    {
      ...{ method: 'POST', url: '/alerts/test', id: 'testAlerts', tag: 'alerts' },
      ...{ scope: 'operate', rate: RATES.change },
      summary: 'Send a test to the receivers of alerts, and hear what they answer',
      body: TestBody,
      answer: Tested,
      answerText: 'What each receiver answered.',
    },
    async ({ body: { receiver } }, reply) => {
      const receivers = await alerts.test(receiver);
      if (receivers) return { receivers };
      sendProblem(reply, 'not-found', { detail: 'the policy has no such receiver' });
      return reply;
    },
  );
}
