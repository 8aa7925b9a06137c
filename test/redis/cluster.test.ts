import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { Registry } from 'prom-client';
import { BadValues } from '../../adapters/redis/bad-values';
import { commandConnection } from '../../adapters/redis/connect';
import { examineRedis } from '../../adapters/redis/doctor/doctor';
import { FleetStream } from '../../adapters/redis/fleet-stream';
import { Keys } from '../../adapters/redis/keys';
import { createFleetMetrics, createRedisMetrics } from '../../adapters/redis/metrics';
import { SharedLimits } from '../../adapters/redis/shared-limits';
import type { FleetRead } from '../../src/journal/fleet/inbox';
import { DEFAULT_HEALTH } from '../../src/policy/health-settings';
import type { Trunk } from '../../src/policy/policy-data';
import { until } from '../doubles/until';
import { RedisCluster } from './cluster';
import { fail, logTo, redisStore, times, type StoreUnderTest } from './stores';

jest.setTimeout(60_000);

const LONG = { cooldown: 60_000, maxCooldown: 600_000 };
/** Enough that each shard has some. */
const TRUNKS = ['a', ...Array.from({ length: 40 }, (_, index) => `carrier-${index}`)];

let cluster: RedisCluster;
let stores: StoreUnderTest[] = [];

beforeAll(async () => void (cluster = await RedisCluster.start()));
afterEach(async () => {
  await Promise.all(stores.map(({ store }) => store.stop()));
  stores = [];
});
afterAll(() => cluster.kill());

const place = () => ({ servers: cluster.servers, isCluster: true, db: 0, tls: false });
const shared = ({ lines }: StoreUnderTest) => lines.filter((line) => /shared/.test(line)).length;
const losses = ({ lines }: StoreUnderTest) => lines.filter((line) => /cannot be/.test(line)).length;

function instance(prefix: string): StoreUnderTest {
  const made = redisStore(0, LONG, prefix, place(), undefined, TRUNKS);
  stores.push(made);
  made.store.start();
  return made;
}

const held = ({ store }: StoreUnderTest) =>
  TRUNKS.filter((trunk) => store.read(trunk).access === 'held').length;

it('each shard is in an eighth of the slots of its own', async () => {
  const client = commandConnection({ ...place(), prefix: 'k:' });
  await client.connect();
  const keys = new Keys('k:', true);
  for (const shard of keys.shards)
    expect(Math.floor(Number(await client.cluster('KEYSLOT', keys.latest(shard))) / 2_048)).toBe(
      shard,
    );
  client.disconnect();
});

it('instances share holds of trunks on all nodes, and late ones read them', async () => {
  const [first, second] = [instance('h:'), instance('h:')];
  await until(() => shared(first) === 1 && shared(second) === 1);
  for (const trunk of TRUNKS) first.store.hold(trunk, { by: 'operator', why: 'by hand' });
  await until(() => held(second) === TRUNKS.length);
  const late = instance('h:');
  await until(() => held(late) === TRUNKS.length);
  for (const trunk of TRUNKS) second.store.clear(trunk);
  await until(() => held(first) + held(late) === 0);
  expect([first, second, late].map(losses)).toEqual([0, 0, 0]);
});

it('faults of several instances count together', async () => {
  const [first, second] = [instance('c:'), instance('c:')];
  await until(() => shared(first) === 1 && shared(second) === 1);
  times(3, () => fail(first.store, 'trunk-congested'));
  times(3, () => fail(second.store, 'trunk-congested'));
  await until(() => [first, second].every((one) => one.store.read('a').access === 'held'));
});

it('limits are shared', async () => {
  const at = { file: 'p', line: 1, column: 1 };
  const trunks = ['a', 'b', 'c'].map((name): Trunk => ({
    ...{ name, at, dial: { asterisk: 'PJSIP/{number}@a' }, firstResponse: 1, ringTimeout: 1 },
    ...{ limits: { concurrentCalls: 10 }, health: DEFAULT_HEALTH, rules: [] },
  }));
  const all = ['x', 'y', 'z'].map((name) => {
    const [log, metrics] = [logTo([]), createRedisMetrics(new Registry())];
    const one = new SharedLimits({
      settings: { ...place(), prefix: 'l:' },
      ...{ log, metrics, instance: name, now: Date.now, random: Math.random },
      bad: new BadValues({ log, metrics, now: Date.now }),
    });
    one.configure(trunks);
    one.start({ use: () => 0 });
    return one;
  });
  const sum = (trunk: string) =>
    all.reduce((total, { shares }) => total + (shares.of(trunk, 'calls')?.mine ?? 0), 0);
  await until(() => ['a', 'b', 'c'].every((trunk) => sum(trunk) === 10));
  expect(all.map((one) => one.shares.of('a', 'calls')?.instances)).toEqual([3, 3, 3]);
  await Promise.all(all.map((one) => one.stop()));
});

it('instances tell each other what they record', async () => {
  const reads: FleetRead[] = [];
  const streams = [0, 1].map((index) => {
    const [log, registry] = [logTo([]), new Registry()];
    const stream = new FleetStream({
      settings: { ...place(), prefix: 'f:' },
      ...{ bytes: 64e6, log, metrics: createFleetMetrics(registry) },
      bad: new BadValues({ log, metrics: createRedisMetrics(registry), now: Date.now }),
      take: (read) => {
        if (index === 1) reads.push(read);
        const cursor = read.items.at(-1)?.[0] ?? '0-0';
        return Promise.resolve({
          ...{ journal: `j${index}`, cursor, written: 0, missing: 0 },
          bad: [],
        });
      },
    });
    stream.start();
    return stream;
  });
  streams[0]!.publish([{ first: 0, count: 1, text: 'said' }]);
  await until(() => reads.some(({ items }) => items.some(([, text]) => text === 'said')));
  await Promise.all(streams.map((stream) => stream.stop()));
});

it('crankback doctor finds nothing wrong with it, and says where none of it can be reached', async () => {
  expect(await examineRedis({ ...place(), prefix: 'd:' })).toEqual([]);
  const nowhere = [{ host: '127.0.0.1', port: 1 }] as const;
  expect(await examineRedis({ ...place(), servers: nowhere, prefix: 'd:' })).toMatchObject([
    { finding: 'CB5001' },
  ]);
});

it('a user with the documented rights can use it', async () => {
  const doc = readFileSync(join(__dirname, '../../docs/trunk-health.md'), 'utf8');
  const rights = /needs \(with the default prefix\) `(.*?)`/.exec(doc)?.[1] ?? '';
  const more = /the commands below and `(.*?)`/.exec(doc)?.[1] ?? '';
  const rules = [...rights.split(' '), ...more.split(' ')];
  for (const { port } of [...cluster.masters, cluster.replica]) {
    const admin = new Redis({ port, host: '127.0.0.1', protocol: 2 });
    await admin.call('ACL', 'SETUSER', 'one', 'reset', 'on', '>secret', ...rules);
    admin.disconnect();
  }
  const user = { ...place(), user: 'one', password: 'secret' };
  const both = [0, 1].map(() => redisStore(0, LONG, 'crankback:', user, undefined, TRUNKS));
  stores.push(...both);
  for (const { store } of both) store.start();
  await until(() => both.every((one) => shared(one) === 1));
  times(5, () => fail(both[0]!.store, 'trunk-congested'));
  await until(() => both[1]!.store.read('a').access === 'held');
  expect(both.flatMap(({ lines }) => lines).filter((line) => /refuses/.test(line))).toEqual([]);
});

// Last: the first node is not the master any more afterwards.
it('a failover is one loss and one return, and nothing that anybody knew is lost', async () => {
  const [first, second] = [instance('o:'), instance('o:')];
  await until(() => shared(first) === 1 && shared(second) === 1);
  for (const trunk of TRUNKS.slice(1)) first.store.hold(trunk, { by: 'operator', why: 'before' });
  await until(() => held(second) === TRUNKS.length - 1);
  const before = [first, second].map(losses);
  await cluster.masters[0]!.kill();
  times(5, () => fail(first.store, 'trunk-congested'));
  await until(() => [first, second].every((one, index) => losses(one) === before[index]! + 1));
  await until(() => shared(first) === 2 && shared(second) === 2);
  await until(() => second.store.read('a').access === 'held');
  const late = instance('o:');
  await until(() => held(late) === TRUNKS.length);
});
