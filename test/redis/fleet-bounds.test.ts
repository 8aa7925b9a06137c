import { Redis } from 'ioredis';
import { Registry } from 'prom-client';
import { createLogger, transports } from 'winston';
import { BadValues } from '../../adapters/redis/bad-values';
import { FleetStream } from '../../adapters/redis/fleet-stream';
import { createFleetMetrics, createRedisMetrics } from '../../adapters/redis/metrics';
import { RedisServer } from '../../lab/redis/server';
import type { FleetRead, FleetTaken } from '../../src/journal/fleet/inbox';
import { until } from '../doubles/until';
import { redisProgram } from './programs';

jest.setTimeout(60_000);

const MEGABYTE = 1024 * 1024;
/** Of the stream's own. */
const MOST_READ = 64;
/** A pulse is half a second; the clock of timers may be a little early. Milliseconds. */
const NEARLY_A_PULSE_MS = 450;

let server: RedisServer;
let stream: FleetStream;

beforeEach(async () => {
  server = await RedisServer.start(redisProgram());
});
afterEach(async () => {
  await stream.stop();
  await server.kill();
});

function fleetStream(take: (read: FleetRead) => FleetTaken): {
  readonly dropped: () => Promise<number>;
} {
  const registry = new Registry();
  const log = createLogger({ transports: [new transports.Console({ silent: true })] });
  stream = new FleetStream({
    settings: {
      servers: [{ host: '127.0.0.1', port: server.port }],
      ...{ db: 0, tls: false, prefix: 'f:' },
    },
    ...{ bytes: 64e6, log, metrics: createFleetMetrics(registry) },
    bad: new BadValues({ log, metrics: createRedisMetrics(registry), now: Date.now }),
    take: (read) => Promise.resolve(take(read)),
  });
  const dropped = /^crankback_fleet_entries_total\{what="dropped"\} (\d+)/m;
  return { dropped: async () => Number(dropped.exec(await registry.metrics())?.[1] ?? 0) };
}

const TAKEN = { journal: 'own', written: 0, missing: 0, bad: [] };

describe('the stream of all instances', () => {
  it('keeps 16 MB for a Redis that is away, and counts what it drops then', async () => {
    const { dropped } = fleetStream(() => ({ ...TAKEN, cursor: '0-0' }));
    const item = { text: 'x'.repeat(MEGABYTE), first: 0, count: 1 };
    // Not started: as with a Redis that does not answer.
    for (let told = 0; told < 20; told++) stream.publish([item]);
    expect(await dropped()).toBe(4);
  });

  it('is read at a bounded rate, however much the others write', async () => {
    const others = new Redis({ host: '127.0.0.1', port: server.port, protocol: 2 });
    for (let item = 0; item < 5 * MOST_READ; item++)
      await others.xadd('f:journal', '*', 'by', 'other', 'item', String(item));
    const reads: { readonly at: number; readonly items: number }[] = [];
    fleetStream(({ items }) => {
      if (items.length > 0) reads.push({ at: performance.now(), items: items.length });
      return { ...TAKEN, cursor: items.at(-1)?.[0] ?? '0-0' };
    });
    stream.start();
    await until(() => reads.length === 5);
    others.disconnect();
    expect(reads.map(({ items }) => items)).toEqual([64, 64, 64, 64, 64]);
    const gaps = reads.map(({ at }, index) => at - (reads[index - 1]?.at ?? at));
    // Two a pulse.
    for (const gap of [gaps[2], gaps[4]]) expect(gap).toBeGreaterThan(NEARLY_A_PULSE_MS);
  });
});
