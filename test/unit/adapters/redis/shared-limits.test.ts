import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Registry } from 'prom-client';
import { createLogger } from 'winston';
import { BadValues } from '../../../../adapters/redis/bad-values';
import { createRedisMetrics } from '../../../../adapters/redis/metrics';
import { SharedLimits } from '../../../../adapters/redis/shared-limits';
import type { Trunk } from '../../../../src/policy/policy-data';
import { pause, until } from '../../../doubles/until';

let server: Server;
let sockets: Socket[] = [];

beforeEach(async () => {
  server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => {
  for (const socket of sockets) socket.destroy();
  sockets = [];
  server.close();
});

const trunk = (limits: object) => ({ name: 'carrier-a', limits }) as unknown as Trunk;

it('Redis gets no connection for limits before there is one to share', async () => {
  const log = createLogger({ silent: true });
  const metrics = createRedisMetrics(new Registry());
  const { port } = server.address() as AddressInfo;
  const limits = new SharedLimits({
    ...{ log, metrics, now: Date.now, random: () => 0.5, instance: 'a' },
    bad: new BadValues({ log, metrics, now: Date.now }),
    settings: { servers: [{ host: '127.0.0.1', port }], db: 0, tls: false, prefix: 'x:' },
  });
  limits.configure([trunk({})]);
  limits.start({ use: () => 0 });
  await pause(50);
  expect(sockets).toHaveLength(0);
  limits.configure([trunk({ concurrentCalls: 4 })]);
  await until(() => sockets.length === 1);
  await limits.stop();
});
