import { named, type Named } from '../../../src/findings/named';
import { Registry } from 'prom-client';
import { createCallMetrics } from '../../../src/records/call-metrics';
import { createHttpServer } from '../../../src/http/server';
import { Journal } from '../../../src/records/journal';

const registry = new Registry();
const metrics = createCallMetrics(registry);
const journal = new Journal({ hunts: 10 });
let reasons: Named[] = [];
let warnings: Named[] = [];
const server = createHttpServer({
  registry,
  journal,
  readiness: () => reasons,
  warnings: () => warnings,
});

beforeAll(() => {
  for (const [id, number] of ['200', '201', '+49 1'.replace(' ', ''), '*72#'].entries()) {
    journal.record({
      kind: 'hunt-begun',
      at: id,
      hunt: `h${id}`,
      pbx: 'asterisk',
      leg: 'PJSIP/caller-00000001',
      number,
      startedAt: id,
      policyHash: '0'.repeat(12),
    });
  }
});
afterAll(() => server.close());

async function get(url: string) {
  const { statusCode, body, headers } = await server.inject({ method: 'GET', url });
  return { statusCode, body, type: headers['content-type'] };
}

describe('GET /health', () => {
  it('is 200 also while nothing is ready', async () => {
    reasons = [named('CB3001', 'asterisk: away')];
    expect(await get('/health')).toMatchObject({ statusCode: 200, body: '{"status":"ok"}' });
  });
});

describe('GET /ready', () => {
  it('is 200 while calls are decided', async () => {
    reasons = [];
    expect(await get('/ready')).toMatchObject({
      statusCode: 200,
      body: '{"ready":true,"reasons":[],"warnings":[]}',
    });
  });

  it('is 503 with every reason otherwise', async () => {
    reasons = [named('CB8003', 'draining'), named('CB8008', 'asterisk: not yet connected')];
    const { statusCode, body } = await get('/ready');
    expect(statusCode).toBe(503);
    expect(JSON.parse(body)).toEqual({ ready: false, reasons, warnings: [] });
  });

  it('stays 200 with warnings, which stop no call', async () => {
    reasons = [];
    warnings = [
      named('CB1401', 'policy 0123 stays in force, its file is broken: policy.yaml:1:1: …'),
    ];
    const { statusCode, body } = await get('/ready');
    expect(statusCode).toBe(200);
    expect(JSON.parse(body)).toEqual({ ready: true, reasons, warnings });
    warnings = [];
  });
});

describe('GET /metrics', () => {
  it('names all that is counted about calls, in the format of Prometheus', async () => {
    metrics.attempts.inc({ pbx: 'asterisk', trunk: 'carrier-a', class: 'trunk-congested' });
    const { statusCode, body, type } = await get('/metrics');
    expect(statusCode).toBe(200);
    expect(type).toMatch(/^text\/plain/);
    for (const name of [
      'crankback_pbx_connected',
      'crankback_attempts_total',
      'crankback_decisions_total',
      'crankback_handover_seconds',
      'crankback_handovers_failed_total',
      'crankback_events_dropped_total',
    ]) {
      expect(body).toContain(`# TYPE ${name} `);
    }
    expect(body).toContain(
      'crankback_attempts_total{pbx="asterisk",trunk="carrier-a",class="trunk-congested"} 1',
    );
  });
});

describe('GET /hunts', () => {
  const ids = async (query: string) => {
    const { statusCode, body } = await get(`/hunts${query}`);
    expect(statusCode).toBe(200);
    return (JSON.parse(body) as { hunts: { id: string }[] }).hunts.map(({ id }) => id);
  };

  it('gives the latest first', async () => {
    expect(await ids('')).toEqual(['h3', 'h2', 'h1', 'h0']);
    expect(await ids('?limit=2')).toEqual(['h3', 'h2']);
    expect(await ids('?limit=1000')).toHaveLength(4);
  });

  it('gives those of one number', async () => {
    expect(await ids('?number=201')).toEqual(['h1']);
    expect(await ids('?number=%2B491')).toEqual(['h2']);
    expect(await ids('?number=*72%23')).toEqual(['h3']);
    expect(await ids('?number=999')).toEqual([]);
  });

  it.each([
    ['?limit=0', 'limit'],
    ['?limit=1001', 'limit'],
    ['?limit=-1', 'limit'],
    ['?limit=1.5', 'limit'],
    ['?limit=many', 'limit'],
    ['?limit=', 'limit'],
    ['?limit=1&limit=2', 'limit'],
    ['?number=12345678901234567890123456789012345', 'number'],
    ['?number=%3Cscript%3E', 'number'],
    ['?number=1%0A', 'number'],
    ['?number=1&number=2', 'number'],
    ['?nummer=1', 'nummer'],
    ['?limit=0&number=x', 'number'],
  ])('with %s is 400 and says what is wrong', async (query, about) => {
    const { statusCode, body } = await get(`/hunts${query}`);
    expect(statusCode).toBe(400);
    const { errors } = JSON.parse(body) as { errors: string[] };
    expect(errors.join('\n')).toContain(about);
  });
});

describe('the server', () => {
  it.each(['POST', 'PUT', 'DELETE', 'PATCH'] as const)(
    'changes nothing: %s is 404',
    async (method) => {
      const { statusCode } = await server.inject({ method, url: '/hunts' });
      expect(statusCode).toBe(404);
    },
  );

  it.each(['/', '/hunts/h0', '/%00'])('has nothing at %s', async (url) => {
    expect((await get(url)).statusCode).toBeGreaterThanOrEqual(400);
  });
});
