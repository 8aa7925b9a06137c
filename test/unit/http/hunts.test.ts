import { createHttpServer } from '../../../src/http/server';
import { Journal } from '../../../src/records/journal';
import { Registry } from 'prom-client';
import { failed, routed, setUp } from '../../doubles/call-pipeline';

const NUMBER = '4917112345678';

/** The server beside a journal with one hunt in it, whose carrier said this. */
function serverOf(phrase: string, maskNumbers: boolean) {
  const { listener, journal } = setUp();
  listener.handover(routed(NUMBER));
  const handover = failed(503, NUMBER);
  if (handover.event.kind !== 'failed') throw new Error('no failure');
  const attempts = handover.event.attempts.map((one) => ({
    ...one,
    evidence: one.evidence.map((it) => ({ ...it, phrase })),
  }));
  listener.handover({ ...handover, event: { kind: 'failed', attempts } });
  return { server: serve(journal, maskNumbers), journal };
}

function serve(journal: Journal, maskNumbers: boolean) {
  const quiet = { readiness: () => [], warnings: () => [] };
  return createHttpServer({ registry: new Registry(), journal, maskNumbers, ...quiet });
}

async function get(server: ReturnType<typeof serve>, url: string) {
  const { statusCode, body } = await server.inject({ method: 'GET', url });
  return { statusCode, body };
}

describe('GET /hunts', () => {
  it('has no inputs of decisions, which the journal keeps', async () => {
    const { server, journal } = serverOf('As Sent', false);
    expect([...journal.newestFirst()][0]?.decisions[0]?.inputs).toBeDefined();
    const { body } = await get(server, '/hunts');
    expect(body).toContain(NUMBER);
    expect(body).not.toContain('inputs');
  });

  it('shows no whole number while numbers are masked', async () => {
    const { server } = serverOf(`No route to ${NUMBER}`, true);
    const { body } = await get(server, '/hunts');
    expect(body).toContain('No route to 49*********78');
    expect(body).toContain('"number":"49*********78"');
    expect(body).not.toContain(NUMBER);
  });

  it.each([NUMBER, '49*********78', '4900000000078'])(
    'finds a masked number by all that it may be, %s: an answer tells nothing that the mask hides',
    async (asked) => {
      const { server } = serverOf('As Sent', true);
      const { body } = await get(server, `/hunts?number=${asked}`);
      expect((JSON.parse(body) as { hunts: unknown[] }).hunts).toHaveLength(1);
    },
  );

  it('finds a whole number by itself alone', async () => {
    const { server } = serverOf('As Sent', false);
    const { body } = await get(server, '/hunts?number=4900000000078');
    expect(JSON.parse(body)).toEqual({ hunts: [] });
  });

  it('has what cannot be seen in a phrase escaped', async () => {
    const { server } = serverOf('Busy\u202e\u200b\u2028\u009b\ud800x', false);
    const { body } = await get(server, '/hunts');
    const { hunts } = JSON.parse(body) as { hunts: { attempts: { phrase: string }[] }[] };
    expect(hunts[0]?.attempts[0]?.phrase).toBe('Busy\\u202e\\u200b\\u2028\\u009b\\ud800x');
  });
});

describe('an error', () => {
  it.each(['/hunts/4917112345678', '/4917112345678%E2%80%AE', '/%zz4917112345678'])(
    'repeats nothing of what was asked: %s',
    async (url) => {
      const { statusCode, body } = await get(serve(new Journal({ hunts: 1 }), true), url);
      expect(statusCode).toBeGreaterThanOrEqual(400);
      expect(JSON.parse(body)).toEqual({ errors: [expect.any(String)] });
      expect(body).not.toContain('4917112345678');
    },
  );
});
