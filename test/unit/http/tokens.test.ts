import { named } from '../../../src/findings/named';
import type { FastifyInstance } from 'fastify';
import { Registry } from 'prom-client';
import { DEFAULT_HEALTH } from '../../../src/policy/health-settings';
import { createHttpServer } from '../../../src/http/server';
import type { Tokens } from '../../../src/http/token';
import { Journal } from '../../../src/records/journal';
import { SingleInstanceStore } from '../../../src/trunks/health/single-instance-store';

const READ = 'for-readers-alone';
const OPERATE = 'correct-horse-battery';
const servers: FastifyInstance[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

function serve(tokens?: Tokens) {
  const server = createHttpServer({
    registry: new Registry(),
    journal: new Journal({ hunts: 1 }),
    readiness: () => [named('CB8008', 'asterisk: not yet connected')],
    warnings: () => [named('CB1401', 'policy.yaml:1:1: broken')],
    running: { version: '0.1.0', commit: 'a1', contracts: { asterisk: '1' } },
    trunks: new SingleInstanceStore({
      trunks: new Map([['carrier-a', DEFAULT_HEALTH]]),
      now: () => 1000,
      random: () => 0,
      instance: 'test',
    }),
    ...(tokens && { tokens }),
  });
  servers.push(server);
  return server;
}

function get(url: string, tokens?: Tokens, authorization?: string) {
  return serve(tokens).inject({
    url,
    ...(authorization !== undefined && { headers: { authorization } }),
  });
}

describe.each(['/hunts', '/trunks', '/metrics'])('GET %s', (url) => {
  it('needs no token where none is set for reading', async () => {
    expect((await get(url)).statusCode).toBe(200);
    expect((await get(url, { operate: OPERATE })).statusCode).toBe(200);
  });

  it.each([
    ['no token', undefined],
    ['another token', 'Bearer another-one-entirely'],
    ['the beginning of the token', `Bearer ${READ.slice(0, -1)}`],
    ['more than the token', `Bearer ${READ}x`],
    ['an endless token', `Bearer ${READ.repeat(20)}`],
    ['another scheme', `Basic ${READ}`],
    ['two tokens', `Bearer ${READ}, Bearer ${READ}`],
  ])('is 401 with %s', async (_, authorization) => {
    const { statusCode, body, headers } = await get(url, { read: READ }, authorization);
    expect(statusCode).toBe(401);
    expect(headers['www-authenticate']).toBe('Bearer');
    expect(JSON.parse(body)).toEqual({
      errors: ['needs the token of CRANKBACK_HTTP_READ_TOKEN_FILE'],
    });
  });

  it('is 200 with the token for reading, and with that for changes', async () => {
    const tokens = { read: READ, operate: OPERATE };
    expect((await get(url, tokens, `Bearer ${READ}`)).statusCode).toBe(200);
    expect((await get(url, tokens, `bearer ${OPERATE}`)).statusCode).toBe(200);
  });

  it('shows nothing to HEAD either', async () => {
    const { statusCode } = await serve({ read: READ }).inject({ method: 'HEAD', url });
    expect(statusCode).toBe(401);
  });
});

describe('probes', () => {
  it('need no token, and learn nothing but the status', async () => {
    const health = await get('/health', { read: READ });
    expect([health.statusCode, health.body]).toEqual([200, '{"status":"ok"}']);
    const ready = await get('/ready', { read: READ });
    expect([ready.statusCode, ready.body]).toEqual([503, '{"ready":false}']);
  });

  it('learn the reasons, and what is running, with a token', async () => {
    const { statusCode, body } = await get('/ready', { read: READ }, `Bearer ${READ}`);
    expect(statusCode).toBe(503);
    expect(JSON.parse(body)).toEqual({
      ready: false,
      reasons: [named('CB8008', 'asterisk: not yet connected')],
      warnings: [named('CB1401', 'policy.yaml:1:1: broken')],
      running: { version: '0.1.0', commit: 'a1', contracts: { asterisk: '1' } },
    });
  });
});

describe('the token for reading', () => {
  it.each(['hold', 'clear'])('changes nothing: %s is 401', async (what) => {
    const { statusCode } = await serve({ read: READ, operate: OPERATE }).inject({
      method: 'POST',
      url: `/trunks/carrier-a/${what}`,
      headers: { authorization: `Bearer ${READ}` },
    });
    expect(statusCode).toBe(401);
  });

  it('does not stand in for one for changes: 403', async () => {
    const { statusCode } = await serve({ read: READ }).inject({
      method: 'POST',
      url: '/trunks/carrier-a/clear',
      headers: { authorization: `Bearer ${READ}` },
    });
    expect(statusCode).toBe(403);
  });
});
