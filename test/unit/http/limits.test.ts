import type { FastifyInstance } from 'fastify';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';
import { Registry } from 'prom-client';
import { HTTP_LIMITS, type HttpLimits } from '../../../src/http/limits';
import { createHttpServer } from '../../../src/http/server';
import { DEFAULT_HEALTH } from '../../../src/policy/health-settings';
import { Journal } from '../../../src/records/journal';
import { SingleInstanceStore } from '../../../src/trunks/health/single-instance-store';

const TOKEN = 'correct-horse-battery';
const HOLD = `POST /trunks/carrier-a/hold HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${TOKEN}\r\ncontent-type: application/json\r\n`;
/** Far below what Jest waits for a test; each ends a connection by itself. */
const SHORT: HttpLimits = { ...HTTP_LIMITS, requestMs: 150, idleMs: 150, stallMs: 150 };
let server: FastifyInstance;
const journal = new Journal({ hunts: 5000 });
const sockets: Socket[] = [];

async function listen(limits: HttpLimits) {
  server = createHttpServer({
    registry: new Registry(),
    journal,
    readiness: () => [],
    warnings: () => [],
    trunks: new SingleInstanceStore({
      trunks: new Map([['carrier-a', DEFAULT_HEALTH]]),
      now: () => 1000,
      random: () => 0,
      instance: 'test',
    }),
    tokens: { operate: TOKEN },
    limits,
  });
  await server.listen({ host: '127.0.0.1', port: 0 });
}

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await server.close();
});

async function dial(): Promise<Socket> {
  const socket = connect((server.server.address() as AddressInfo).port, '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

/** All that is said until the connection ends. */
async function untilClosed(socket: Socket): Promise<string> {
  const said: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => said.push(chunk));
  // Not `once` of node:events, which rejects where the connection was reset first.
  await new Promise((resolve) => socket.once('close', resolve));
  return Buffer.concat(said).toString('latin1');
}

describe('a connection ends', () => {
  it.each([
    ['that says nothing', ''],
    ['whose request has no end', 'GET /hunts HTTP/1.1\r\nhost: loc'],
    ['whose body does not come', `${HOLD}content-length: 20\r\n\r\n{`],
    ['whose chunks do not come', `${HOLD}transfer-encoding: chunked\r\n\r\n1\r\n{\r\n`],
  ])('%s', async (_, text) => {
    await listen({ ...SHORT, stallMs: 60_000 });
    const socket = await dial();
    socket.write(text);
    expect(await untilClosed(socket)).not.toContain(' 200 ');
  });

  it('whose request drips', async () => {
    await listen({ ...SHORT, stallMs: 60_000 });
    const socket = await dial();
    const dripping = setInterval(() => socket.write('x'), 20);
    socket.write('GET /hunts HTTP/1.1\r\nhost: localhost\r\nx-drip: ');
    await untilClosed(socket);
    clearInterval(dripping);
  });

  it('that is kept open for nothing', async () => {
    await listen({ ...SHORT, stallMs: 60_000 });
    const socket = await dial();
    socket.write('GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n');
    expect(await untilClosed(socket)).toContain(' 200 OK');
  });

  it('whose client does not read its answer', async () => {
    await listen({ ...SHORT, requestMs: 5_000, idleMs: 60_000 });
    // More than all buffers on the way take.
    for (let index = 0; index < 5000; index++) {
      journal.record({
        kind: 'hunt-begun',
        at: 0,
        hunt: `h${index}`,
        pbx: 'asterisk',
        leg: 'PJSIP/caller-00000001'.padEnd(250, 'x'),
        number: '200',
        startedAt: 0,
        policyHash: '0'.repeat(12),
      });
    }
    const ended = new Promise((resolve) =>
      server.server.once('connection', (socket) => socket.once('close', resolve)),
    );
    const socket = await dial();
    socket.pause();
    socket.write('GET /hunts?limit=1000 HTTP/1.1\r\nhost: localhost\r\n\r\n'.repeat(50));
    await ended;
  });

  it('that is one too many', async () => {
    await listen({ ...HTTP_LIMITS, connections: 2 });
    await dial();
    await dial();
    expect(await untilClosed(await dial())).toBe('');
  });
});

describe('the server', () => {
  it('has limits by default, whatever Node’s are', async () => {
    await listen(HTTP_LIMITS);
    expect(server.server).toMatchObject({
      requestTimeout: 5_000,
      headersTimeout: 5_000,
      keepAliveTimeout: 5_000,
      timeout: 10_000,
      maxConnections: 64,
    });
  });

  it('ends although a client holds on to its connection', async () => {
    await listen(HTTP_LIMITS);
    const socket = await dial();
    socket.write('GET /hunts HTTP/1.1\r\nhost: loc');
    await Promise.all([server.close(), untilClosed(socket)]);
  });

  it.each([
    ['a body that is too long', `{"why":"${'x'.repeat(2000)}"}`, 413],
    ['a body that would change prototypes', '{"__proto__":{"forMs":1}}', 400],
    ['a body that would change constructors', '{"constructor":{"prototype":{"forMs":1}}}', 400],
    ['a body that is no JSON', '{', 400],
  ])('refuses %s', async (_, payload, code) => {
    await listen(HTTP_LIMITS);
    const { statusCode } = await server.inject({
      method: 'POST',
      url: '/trunks/carrier-a/hold',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      payload,
    });
    expect(statusCode).toBe(code);
  });

  it.each(['/health', '/hunts', '/nothing-there', '/trunks/x/hold'])(
    'tells browsers to do nothing with %s',
    async (url) => {
      await listen(HTTP_LIMITS);
      const { headers } = await server.inject({ url });
      expect(headers).toMatchObject({
        'content-security-policy': "default-src 'none';frame-ancestors 'none'",
        'x-content-type-options': 'nosniff',
        'cross-origin-resource-policy': 'same-origin',
        'x-frame-options': 'SAMEORIGIN',
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-store',
      });
      expect(headers).not.toHaveProperty('strict-transport-security');
    },
  );
});
