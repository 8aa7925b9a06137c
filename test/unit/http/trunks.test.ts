import { Registry } from 'prom-client';
import { createHttpServer } from '../../../src/http/server';
import { Journal } from '../../../src/records/journal';
import { DEFAULT_HEALTH } from '../../../src/policy/health-settings';
import { SingleInstanceStore } from '../../../src/trunks/health/single-instance-store';

const TOKEN = 'correct-horse-battery';
const AUTHORISED = { authorization: `Bearer ${TOKEN}` };
const parts = {
  registry: new Registry(),
  journal: new Journal({ hunts: 1 }),
  readiness: () => [],
  warnings: () => [],
};
let store: SingleInstanceStore;

function serve(token: string | undefined = TOKEN, maskNumbers = false) {
  store = new SingleInstanceStore({
    trunks: new Map([
      ['carrier-a', DEFAULT_HEALTH],
      ['carrier b/ü', DEFAULT_HEALTH],
    ]),
    now: () => 1000,
    random: () => 0,
    instance: 'test',
  });
  return createHttpServer({
    ...parts,
    maskNumbers,
    trunks: store,
    ...(token !== '' && { tokens: { operate: token } }),
  });
}

async function post(url: string, body?: unknown, headers = AUTHORISED, server = serve()) {
  const { statusCode, body: text } = await server.inject({
    method: 'POST',
    url,
    headers,
    ...(body !== undefined && { payload: body as object }),
  });
  await server.close();
  return { statusCode, answer: JSON.parse(text) as { errors?: string[] } };
}

describe('GET /trunks', () => {
  it('lists every trunk, without a token', async () => {
    const server = serve();
    store.hold('carrier-a', { by: 'operator', why: 'works', for: 5000 });
    const { statusCode, body } = await server.inject({ method: 'GET', url: '/trunks' });
    expect(statusCode).toBe(200);
    expect(JSON.parse(body)).toMatchObject({
      trunks: [
        { trunk: 'carrier-a', phase: 'held', since: 1000, hold: { why: 'works', until: 6000 } },
        { trunk: 'carrier b/ü', phase: 'closed', access: 'open' },
      ],
    });
    await server.close();
  });
});

describe('with numbers masked, GET /trunks', () => {
  it('shows none that the reason of a hold has', async () => {
    const server = serve(TOKEN, true);
    store.hold('carrier-a', { by: 'operator', why: 'as 4917112345678 complains' });
    const { body } = await server.inject({ method: 'GET', url: '/trunks' });
    expect(body).toContain('complains');
    expect(body).not.toContain('4917112345678');
    await server.close();
  });
});

describe('POST /trunks/:name/hold', () => {
  it('holds a trunk until it is cleared', async () => {
    expect(await post('/trunks/carrier-a/hold')).toMatchObject({ statusCode: 200 });
    expect(store.read('carrier-a').hold).toMatchObject({
      cause: 'operator',
      why: 'held by an operator',
    });
    expect(store.read('carrier-a').hold).not.toHaveProperty('until');
  });

  it('holds it for a time, with a reason', async () => {
    await post('/trunks/carrier%20b%2F%C3%BC/hold', { forMs: 60_000, why: 'numbers moved' });
    expect(store.read('carrier b/ü').hold).toMatchObject({ why: 'numbers moved', until: 61_000 });
  });

  it.each([
    ['no trunk of the policy', '/trunks/x/hold', {}, 404, 'no such trunk'],
    ['no time', '/trunks/carrier-a/hold', { forMs: 0 }, 400, 'forMs'],
    ['a time too long', '/trunks/carrier-a/hold', { forMs: 1e12 }, 400, 'forMs'],
    ['a reason that steers terminals', '/trunks/carrier-a/hold', { why: '\u001b[2J' }, 400, 'why'],
    ['a reason without end', '/trunks/carrier-a/hold', { why: 'x'.repeat(201) }, 400, 'why'],
    ['an unknown key', '/trunks/carrier-a/hold', { until: 5 }, 400, 'until'],
  ])('refuses %s', async (_name, url, body, code, about) => {
    const { statusCode, answer } = await post(url, body);
    expect(statusCode).toBe(code);
    expect(answer.errors?.join()).toContain(about);
    expect(store.read('carrier-a').access).toBe('open');
  });
});

describe('POST /trunks/:name/clear', () => {
  it('puts a trunk back into use', async () => {
    const server = serve();
    store.hold('carrier-a', { by: 'operator', why: 'works' });
    const { statusCode } = await post('/trunks/carrier-a/clear', undefined, AUTHORISED, server);
    expect(statusCode).toBe(200);
    expect(store.read('carrier-a').access).toBe('open');
  });

  it('knows the policy’s trunks only', async () => {
    expect((await post('/trunks/x/clear')).statusCode).toBe(404);
  });
});

describe.each(['/trunks/carrier-a/hold', '/trunks/carrier-a/clear'])('%s', (url) => {
  it.each([
    ['no token', {}],
    ['another token', { authorization: 'Bearer wrong' }],
    ['the beginning of the token', { authorization: `Bearer ${TOKEN.slice(0, -1)}` }],
    ['another scheme', { authorization: `Basic ${TOKEN}` }],
  ])('is 401 with %s', async (_name, headers) => {
    const server = serve();
    store.hold('carrier-a', { by: 'rule', why: 'as before' });
    const { statusCode } = await post(url, undefined, headers as typeof AUTHORISED, server);
    expect(statusCode).toBe(401);
    expect(store.read('carrier-a').hold?.why).toBe('as before');
  });

  it('is 403 where no token is set', async () => {
    const { statusCode, answer } = await post(url, undefined, AUTHORISED, serve(''));
    expect(statusCode).toBe(403);
    expect(answer.errors?.[0]).toContain('CRANKBACK_HTTP_TOKEN_FILE');
  });
});
