import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { Registry } from 'prom-client';
import { RedisLink } from '../../adapters/redis/link';
import { createRedisMetrics } from '../../adapters/redis/metrics';
import { RedisServer } from '../../lab/redis/server';
import { until } from '../doubles/until';
import { redisProgram } from './programs';
import { logTo } from './stores';

jest.setTimeout(30_000);

const OTHERS = 900;

let server: RedisServer;
let link: RedisLink;
let others: Socket[] = [];

beforeEach(async () => void (server = await RedisServer.start(redisProgram())));
afterEach(async () => {
  jest.restoreAllMocks();
  link.stop();
  for (const one of others) one.destroy();
  others = [];
  await server.kill();
});

it('an instance learns how many connections Redis has, and waits the longer for one that is away', async () => {
  const { port } = server;
  others = Array.from({ length: OTHERS }, () => connect(port, '127.0.0.1'));
  await Promise.all(others.map((one) => once(one, 'connect')));
  link = new RedisLink({
    settings: { servers: [{ host: '127.0.0.1', port }], db: 0, tls: false, prefix: 'c:' },
    ...{ channel: 'c', trial: 't', instance: 'i', log: logTo([]), now: Date.now },
    metrics: createRedisMetrics(new Registry()),
  });
  const nothing = () => undefined;
  link.start({
    ...{ ready: nothing, subscribed: nothing, message: nothing, alone: nothing, shared: nothing },
  });
  await until(() => link.canSend);
  jest.spyOn(Math, 'random').mockReturnValue(1);
  const longest = () => Number(link.commands.options.retryStrategy?.(1));
  expect(longest()).toBe(800);
  for (let pulse = 0; pulse < 6; pulse++) {
    await link.takesWrites();
    link.pulsed();
  }
  await until(() => longest() > 200 + OTHERS);
});
