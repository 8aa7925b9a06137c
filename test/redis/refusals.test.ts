import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { RedisServer } from '../../lab/redis/server';
import { pause, until } from '../doubles/until';
import { redisProgram } from './programs';
import { fail, redisStore, times, type StoreUnderTest } from './stores';

// `until` says what it waited for; it must come first, also on a busy machine.
jest.setTimeout(60_000);

let server: RedisServer;
let client: Redis;
let stores: StoreUnderTest[] = [];

beforeEach(async () => {
  server = await RedisServer.start(redisProgram());
  client = new Redis({ port: server.port, host: '127.0.0.1', protocol: 2 });
  client.on('error', () => undefined);
});
afterEach(async () => {
  await Promise.all(stores.map(({ store }) => store.stop()));
  stores = [];
  client.disconnect();
  await server.kill();
});

const linesOf = ({ lines }: StoreUnderTest, about: RegExp) =>
  lines.filter((line) => about.test(line)).length;
const REFUSED = /takes no writes/;
const LOST = /cannot be reached/;
const SHARED = /is shared/;

async function pair(settings = {}): Promise<[StoreUnderTest, StoreUnderTest]> {
  stores = [redisStore(server.port, settings), redisStore(server.port, settings)];
  for (const { store } of stores) store.start();
  await until(() => stores.every((one) => linesOf(one, SHARED) === 1));
  return [stores[0]!, stores[1]!];
}

async function facts(one: StoreUnderTest) {
  const value = async (name: string) => Number((await one.metric(name))?.split(' ')[1]);
  return {
    reachable: await value('crankback_redis_reachable'),
    writable: await value('crankback_redis_writable'),
  };
}

const call = (...words: string[]) => client.call(...(words as [string, ...string[]]));

describe.each<[string, string[], string[], RegExp]>([
  ['is full', ['CONFIG', 'SET', 'maxmemory', '1'], ['CONFIG', 'SET', 'maxmemory', '0'], /OOM/],
  ['is read-only', ['REPLICAOF', '127.0.0.1', '1'], ['REPLICAOF', 'NO', 'ONE'], /READONLY/],
  [
    'has too few replicas',
    ['CONFIG', 'SET', 'min-replicas-to-write', '1'],
    ['CONFIG', 'SET', 'min-replicas-to-write', '0'],
    /NOREPLICAS/,
  ],
  [
    'forbids to write',
    ['ACL', 'SETUSER', 'default', '-hset', '-set'],
    ['ACL', 'SETUSER', 'default', '+hset', '+set'],
    /can't run this command|NOPERM|ACL/,
  ],
])('a Redis that %s', (_name, begin, end, why) => {
  it('is reachable and not writable: said once, and each instance goes on by itself', async () => {
    const [first, second] = await pair({ cooldown: 2000, maxCooldown: 4000 });
    await call(...begin);
    times(5, () => fail(first.store, 'trunk-congested'));
    await until(() => linesOf(first, REFUSED) === 1);
    expect(await facts(first)).toEqual({ reachable: 1, writable: 0 });
    expect(first.store.warnings().join()).toMatch(why);
    expect(first.store.warnings().join()).toMatch(/takes no writes/);
    // Permits cannot be won there.
    await until(() => first.store.read('a').access === 'probe');
    expect(linesOf(first, REFUSED)).toBe(1);
    for (const one of [first, second]) {
      expect(linesOf(one, LOST)).toBe(0);
      expect(linesOf(one, SHARED)).toBe(1);
    }
    await call(...end);
    await until(() => linesOf(first, SHARED) === 2);
    await until(() => linesOf(second, SHARED) === linesOf(second, REFUSED) + 1);
    expect(await facts(first)).toEqual({ reachable: 1, writable: 1 });
    expect(first.store.warnings()).toEqual([]);
    first.store.hold('b', { by: 'operator', why: 'by hand' });
    await until(() => second.store.read('b').hold?.why === 'by hand');
  });
});

it('a replica is said to be one once, also while its connection is made anew in search of the master', async () => {
  const [first] = await pair();
  await call('REPLICAOF', '127.0.0.1', '1');
  const connections = async () =>
    Number(/total_connections_received:(\d+)/.exec(await client.info('stats'))?.[1]);
  // Found out without anything to write.
  await until(() => linesOf(first, REFUSED) === 1);
  const before = await connections();
  while ((await connections()) < before + 1) await pause(50);
  await pause(1200);
  expect([linesOf(first, REFUSED), linesOf(first, LOST)]).toEqual([1, 0]);
  await call('REPLICAOF', 'NO', 'ONE');
  await until(() => linesOf(first, SHARED) === 2);
});

it('a Redis that wants a password is not reachable, said once, until it takes us', async () => {
  const [first] = await pair();
  await call('CONFIG', 'SET', 'requirepass', 'hunter2');
  const admin = new Redis({ port: server.port, host: '127.0.0.1', password: 'hunter2' });
  await admin.call('CLIENT', 'KILL', 'SKIPME', 'yes', 'TYPE', 'normal');
  await until(() => linesOf(first, LOST) === 1);
  await pause(2500);
  expect(linesOf(first, LOST)).toBe(1);
  expect(await facts(first)).toEqual({ reachable: 0, writable: 0 });
  expect(first.store.warnings().join()).toMatch(/cannot be reached/);
  await admin.call('CONFIG', 'SET', 'requirepass', '');
  admin.disconnect();
  await until(() => linesOf(first, SHARED) === 2);
});

it('a Redis that answers reads and never writes does not flap', async () => {
  const [first] = await pair();
  await call('CLIENT', 'PAUSE', '60000', 'WRITE');
  times(5, () => fail(first.store, 'trunk-congested'));
  await until(() => linesOf(first, LOST) === 1);
  await pause(2500);
  expect(linesOf(first, LOST)).toBe(1);
  expect(linesOf(first, SHARED)).toBe(1);
  await call('CLIENT', 'UNPAUSE');
  await until(() => linesOf(first, SHARED) === 2);
});

it('a Redis that takes and refuses writes in turn is told of ever more rarely', async () => {
  const [first] = await pair();
  for (let turn = 0; turn < 6; turn++) {
    await call('CONFIG', 'SET', 'maxmemory', '1');
    first.store.hold('a', { by: 'operator', why: `hold ${turn}` });
    await pause(1100);
    await call('CONFIG', 'SET', 'maxmemory', '0');
    await pause(1100);
  }
  expect(linesOf(first, REFUSED)).toBeLessThanOrEqual(4);
  expect(linesOf(first, REFUSED)).toBeGreaterThan(0);
  await until(() => linesOf(first, SHARED) === linesOf(first, REFUSED) + 1);
});

it('a user of Redis may do what the documentation asks for, and no more', async () => {
  const rights =
    /`(~crankback:[^`]+)`/.exec(
      readFileSync(join(__dirname, '../../docs/trunk-health.md'), 'utf8'),
    )?.[1] ?? '';
  expect(rights).toContain('+evalsha');
  await call('ACL', 'SETUSER', 'pbx', 'reset', 'on', '>hunter2', ...rights.split(' '));
  const user = { user: 'pbx', password: 'hunter2' };
  const one = () => redisStore(server.port, {}, 'crankback:', user);
  const [first, second] = (stores = [one(), one()]) as [StoreUnderTest, StoreUnderTest];
  for (const { store } of stores) store.start();
  await until(() => stores.every((each) => linesOf(each, SHARED) === 1));
  // Counts of both, a lease, and a hold.
  for (const { store } of stores) times(3, () => fail(store, 'trunk-congested'));
  await until(() => stores.every(({ store }) => store.read('a').trips === 1));
  await until(() => stores.some(({ store }) => store.read('a').access === 'probe'));
  first.store.hold('b', { by: 'operator', why: 'by hand' });
  await until(() => second.store.read('b').hold?.why === 'by hand');
  await client.set('crankback:{a}:tally', 'x');
  first.store.clear('a');
  await pause(1200);
  for (const each of stores) {
    expect(each.lines.filter((line) => !/^info/.test(line))).toEqual([]);
    expect(each.store.warnings()).toEqual([]);
  }
});
