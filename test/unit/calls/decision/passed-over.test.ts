import { createHttpServer } from '../../../../src/http/server';
import { Registry } from 'prom-client';
import { HUNT_ID, routed, setUp } from '../../../doubles/call-pipeline';
import { START } from '../../../doubles/policies';

describe('a trunk that a first attempt passed over', () => {
  const UNTIL = new Date(START + 60_000).toISOString();
  const WHY = `held until ${UNTIL} by policy.yaml:9`;

  it('stands in the log line of the decision and in GET /hunts, with why and until when', async () => {
    const { listener, trunks, lines, journal } = setUp();
    trunks.hold('carrier-a', { from: START, ms: 60_000, why: 'policy.yaml:9' });
    listener.handover(routed());
    expect(lines.find(({ message }) => message === 'decision')).toMatchObject({
      outcome: 'dial carrier-b',
      passed_over: `carrier-a (${WHY})`,
    });
    const server = createHttpServer({
      registry: new Registry(),
      journal,
      readiness: () => [],
      warnings: () => [],
    });
    const { body } = await server.inject({ method: 'GET', url: '/hunts' });
    await server.close();
    expect(JSON.parse(body)).toMatchObject({
      hunts: [
        {
          id: HUNT_ID,
          decisions: [
            {
              passedOver: [{ trunk: 'carrier-a', reason: 'held', why: WHY, until: START + 60_000 }],
            },
          ],
        },
      ],
    });
  });
});
