import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import type { Redis } from 'ioredis';
import { Registry } from 'prom-client';
import { BadValues } from '../../adapters/redis/bad-values';
import { FleetStream } from '../../adapters/redis/fleet-stream';
import { RedisLink } from '../../adapters/redis/link';
import { createFleetMetrics, createRedisMetrics } from '../../adapters/redis/metrics';
import { RedisServer } from '../../lab/redis/server';
import { until, untilAsync } from '../doubles/until';
import { redisProgram } from './programs';
import { logTo } from './stores';

jest.setTimeout(30_000);

const OTHERS = 900;
const NO_DATABASE = { db: 0, tls: false };

let server: RedisServer;
let links: RedisLink[] = [];
let others: Socket[] = [];
let stream: FleetStream | undefined;

beforeEach(async () => void (server = await RedisServer.start(redisProgram())));
afterEach(async () => {
  jest.restoreAllMocks();
  for (const link of links) link.stop();
  links = [];
  await stream?.stop();
  stream = undefined;
  for (const one of others) one.destroy();
  others = [];
  await server.kill();
});

/** As many as wait at once for Redis to take them: the kernel may forget what is beyond its queue, and says "connected". */
const AT_ONCE = 100;

/** Connections that nobody uses, all of them taken by Redis. */
async function crowd(count: number): Promise<void> {
  while (others.length < count) {
    const some = Array.from({ length: Math.min(AT_ONCE, count - others.length) }, () =>
      connect(server.port, '127.0.0.1').on('error', () => undefined),
    );
    others.push(...some);
    await Promise.all(
      some.map(async (one) => {
        one.write('PING\r\n');
        await once(one, 'data');
      }),
    );
  }
}

/** @param up is told of each of its two connections */
function start(up: () => void = () => undefined): RedisLink {
  const { port } = server;
  const link = new RedisLink({
    settings: { servers: [{ host: '127.0.0.1', port }], ...NO_DATABASE, prefix: 'c:' },
    ...{ channel: 'c', trials: ['t'], instance: 'i', log: logTo([]), now: Date.now },
    metrics: createRedisMetrics(new Registry()),
  });
  const nothing = () => undefined;
  const rest = { message: nothing, alone: nothing, shared: nothing };
  link.start({ ready: up, subscribed: up, ...rest });
  links.push(link);
  return link;
}

async function pulses(link: RedisLink): Promise<void> {
  for (let pulse = 0; pulse < 6; pulse++) {
    await link.takesWrites();
    link.pulsed();
  }
}

it('an instance learns how many connections Redis has, and waits the longer for one that is away', async () => {
  await crowd(OTHERS);
  const link = start();
  await until(() => link.canSend);
  jest.spyOn(Math, 'random').mockReturnValue(1);
  const longest = () => Number(link.commands.options.retryStrategy?.(1));
  expect(longest()).toBe(800);
  await pulses(link);
  await until(() => longest() > 200 + OTHERS);
});

it('so does the stream of calls', async () => {
  await crowd(OTHERS);
  const [log, registry] = [logTo([]), new Registry()];
  stream = new FleetStream({
    settings: { servers: [{ host: '127.0.0.1', port: server.port }], ...NO_DATABASE, prefix: 'c:' },
    ...{ bytes: 64e6, log, metrics: createFleetMetrics(registry) },
    bad: new BadValues({ log, metrics: createRedisMetrics(registry), now: Date.now }),
    take: () => Promise.resolve(undefined),
  });
  stream.start();
  const { redis } = stream as unknown as { readonly redis: Redis };
  jest.spyOn(Math, 'random').mockReturnValue(1);
  await until(() => Number(redis.options.retryStrategy?.(1)) > 200 + OTHERS);
});

it('two hundred connections of a fleet of five thousand come back to a killed Redis over five seconds', async () => {
  await crowd(4_800);
  const up: number[] = [];
  for (let index = 0; index < 100; index++) start(() => up.push(performance.now()));
  await until(() => up.length === 200);
  await untilAsync(async () => {
    // Whose question was answered too late asks again, many pulses later.
    await Promise.all(links.filter(({ knows }) => knows < 5_000).map(pulses));
    return links.every(({ knows }) => knows >= 5_000);
  });
  up.length = 0;
  await server.kill();
  await server.startAgain();
  await until(() => up.length === 200);
  // Nine tenths of them: within 0.5 s where each waits as in a small fleet, at once where none waits.
  const [first, last] = [up[10] ?? 0, up[189] ?? 0];
  expect(last - first).toBeGreaterThan(1_400);
});
