import type { FastifyInstance } from 'fastify';
import { Registry } from 'prom-client';
import { createHttpServer } from '../../../src/http/server';
import type { OwnNames } from '../../../src/http/own-host';
import { Journal } from '../../../src/records/journal';

let server: FastifyInstance | undefined;
afterEach(() => server?.close());

async function statusOf(own: OwnNames | undefined, headers: Record<string, string>) {
  server = createHttpServer({
    registry: new Registry(),
    journal: new Journal({ hunts: 1 }),
    readiness: () => [],
    warnings: () => [],
    ...(own && { own }),
  });
  const { statusCode, body } = await server.inject({ url: '/hunts', headers });
  return { statusCode, body };
}

describe('Host', () => {
  it.each([
    ['loopback', undefined, 'localhost'],
    ['loopback', undefined, 'localhost:8090'],
    ['loopback', undefined, 'LOCALHOST.:8090'],
    ['loopback', undefined, '127.0.0.1:18090'],
    ['loopback', undefined, '[::1]:8090'],
    ['an address', { host: '192.0.2.7' }, '192.0.2.7:8090'],
    ['an IPv6 address', { host: '2001:DB8::1' }, '[2001:db8::1]'],
    ['a name', { host: 'pbx.example.org' }, 'PBX.example.org:8090'],
    ['everything', { host: '0.0.0.0' }, '198.51.100.1:8090'],
    ['everything', { host: '::' }, '[2001:db8::1]:8090'],
    ['everything', { host: '::' }, 'localhost:8090'],
    [
      'more names',
      { host: '0.0.0.0', names: ['crankback_1', 'Proxy.example.org'] },
      'proxy.example.org',
    ],
    ['more names', { host: '127.0.0.1', names: ['192.0.2.9'] }, '192.0.2.9:80'],
  ])('of one who listens on %s: %j takes %s', async (_, own, host) => {
    expect(await statusOf(own, { host })).toMatchObject({ statusCode: 200 });
  });

  it.each([
    ['a name that was bound to 127.0.0.1', undefined, 'attacker.example:8090'],
    ['one that begins like ours', undefined, 'localhost.attacker.example'],
    ['one that ends like ours', undefined, 'notlocalhost'],
    ['one behind an @', undefined, 'localhost@attacker.example'],
    ['two', undefined, 'localhost, attacker.example'],
    ['none', undefined, ' '],
    ['an address that is not ours', undefined, '192.0.2.1:8090'],
    ['a name where all addresses are ours', { host: '0.0.0.0' }, 'attacker.example'],
    ['an IPv4 address written as a number', { host: '0.0.0.0' }, '2130706433'],
    ['loopback where it does not listen there', { host: '192.0.2.7' }, 'localhost'],
    ['a path', undefined, 'localhost/attacker.example'],
  ])('that is %s gets nothing', async (_, own, host) => {
    const { statusCode, body } = await statusOf(own, { host });
    expect(statusCode).toBe(421);
    expect(body).toContain('CRANKBACK_HTTP_NAMES');
    expect(body).not.toContain('hunts');
  });

  it.each(['/health', '/ready', '/metrics', '/hunts', '/nothing-there'])(
    'is checked for %s',
    async (url) => {
      await statusOf(undefined, {});
      const answer = await server?.inject({ url, headers: { host: 'attacker.example' } });
      expect(answer?.statusCode).toBe(421);
    },
  );
});

describe('Origin', () => {
  it.each(['http://localhost:8090', 'https://LOCALHOST:8090'])(
    'may be ours: %s',
    async (origin) => {
      const { statusCode } = await statusOf(undefined, { host: 'localhost:8090', origin });
      expect(statusCode).toBe(200);
    },
  );

  it.each([
    'http://attacker.example',
    'http://localhost:3000',
    'http://127.0.0.1:8090',
    'null',
    '',
    'file://',
  ])('may not be %j', async (origin) => {
    const { statusCode } = await statusOf(undefined, { host: 'localhost:8090', origin });
    expect(statusCode).toBe(403);
  });
});
