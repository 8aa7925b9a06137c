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
/** As a phrase that still has a number in it would come. */
const UNCLASSIFIED = {
  seen: [
    {
      said: '403 Ask 491711234567',
      kind: 'phrase',
      count: 1,
      lastAt: 1000,
      class: 'forbidden',
      line: '- { sip: 403, phrase: "Ask", class: forbidden }',
    },
  ],
  leftOut: 0,
} as const;
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
    unclassified: { of: (trunk) => (trunk === 'carrier b/ü' ? UNCLASSIFIED : undefined) },
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

describe('GET /trunks/:name', () => {
  const get = async (name: string, maskNumbers = false) => {
    const server = serve(TOKEN, maskNumbers);
    const url = `/trunks/${encodeURIComponent(name)}`;
    const { statusCode, body } = await server.inject({ method: 'GET', url });
    await server.close();
    return { statusCode, answer: JSON.parse(body) as object };
  };

  it('has the state of one trunk, and what nothing classifies', async () => {
    expect(await get('carrier-a')).toMatchObject({
      statusCode: 200,
      answer: { trunk: 'carrier-a', phase: 'closed' },
    });
    expect((await get('carrier-a')).answer).not.toHaveProperty('unclassified');
    expect((await get('carrier b/ü')).answer).toMatchObject({ unclassified: UNCLASSIFIED });
  });

  it('masks numbers as everything else does, in the list too', async () => {
    const masked = { unclassified: { seen: [{ said: '403 Ask 49********67' }] } };
    expect((await get('carrier b/ü', true)).answer).toMatchObject(masked);
    const server = serve(TOKEN, true);
    const { body } = await server.inject({ method: 'GET', url: '/trunks' });
    await server.close();
    expect(JSON.parse(body)).toMatchObject({ trunks: [{ trunk: 'carrier-a' }, masked] });
  });

  it('is 404 for a trunk that the policy does not have', async () => {
    expect(await get('carrier-z')).toEqual({
      statusCode: 404,
      answer: { errors: ['the policy has no such trunk'] },
    });
  });
});
