import { until } from '../doubles/until';
import { SingleInstanceStore } from '../../src/trunks/health/single-instance-store';
import type { HealthSettings } from '../../src/policy/health-settings';
import type { HealthStore } from '../../src/trunks/health/health-store';
import { RedisServer } from '../../lab/redis/server';
import { RedisCluster } from './cluster';
import { redisPrograms } from './programs';
import { answer, COOLDOWN_MS, fail, HEALTH, now, redisStore, times } from './stores';

// `until` says what it waited for; it must come first, also on a busy machine.
jest.setTimeout(30_000);

interface Backend {
  readonly name: string;
  setUp(): Promise<void>;
  create(settings?: Partial<HealthSettings>): Promise<HealthStore>;
  tearDown(): Promise<void>;
}

const memory: Backend = {
  name: 'memory',
  setUp: () => Promise.resolve(),
  create: (settings) => {
    const health = { ...HEALTH, ...settings };
    const trunks = new Map([
      ['a', health],
      ['b', health],
    ]);
    const random = () => Math.random();
    return Promise.resolve(new SingleInstanceStore({ trunks, now, random, instance: 'm' }));
  },
  tearDown: () => Promise.resolve(),
};

const servers = redisPrograms().map((program): Backend => {
  let server: RedisServer;
  let prefixes = 0;
  return {
    name: program.name,
    setUp: async () => void (server = await RedisServer.start(program)),
    create: async (settings) => {
      const { store, lines } = redisStore(server.port, settings, `t${++prefixes}:`);
      store.start();
      await until(() => lines.includes('info: trunk health is shared through Redis'));
      return store;
    },
    tearDown: () => server.kill(),
  };
});

const inCluster: Backend = (() => {
  let cluster: RedisCluster;
  let prefixes = 0;
  return {
    name: 'a Redis Cluster',
    setUp: async () => void (cluster = await RedisCluster.start()),
    create: async (settings) => {
      const place = { servers: cluster.servers, isCluster: true };
      const { store, lines } = redisStore(0, settings, `t${++prefixes}:`, place);
      store.start();
      await until(() => lines.includes('info: trunk health is shared through Redis'));
      return store;
    },
    tearDown: () => cluster.kill(),
  };
})();

it('covers Redis', () => {
  expect(servers.map(({ name }) => name)).toContain('redis');
});

describe.each([memory, ...servers, inCluster])('a store of trunk health in $name', (backend) => {
  let store: HealthStore;
  const phase = () => store.read('a').phase;
  const access = () => store.read('a').access;
  const create = async (settings?: Partial<HealthSettings>) => {
    store = await backend.create(settings);
  };

  beforeAll(() => backend.setUp());
  afterEach(() => store.stop());
  afterAll(() => backend.tearDown());

  it('holds a trunk from the fault that trips it on, in the same turn', async () => {
    await create();
    times(4, () => fail(store, 'trunk-congested'));
    expect(access()).toBe('open');
    fail(store, 'trunk-congested');
    expect(access()).toBe('held');
    expect(store.read('b').access).toBe('open');
  });

  it('gives one permit when the cooldown is over, and closes when that call worked', async () => {
    await create();
    times(5, () => fail(store, 'trunk-congested'));
    const held = now();
    await until(() => access() === 'probe');
    expect(now() - held).toBeGreaterThanOrEqual(COOLDOWN_MS * 0.9 - 2);
    expect(store.reserve('a', 'first')).toBe(true);
    expect(store.reserve('a', 'second')).toBe(false);
    expect(access()).toBe('held');
    answer(store, 'first');
    expect(access()).toBe('open');
    // What was learnt meanwhile from others changes nothing about it.
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(access()).toBe('open');
  });

  it('holds twice as long after a probe that failed', async () => {
    await create();
    times(5, () => fail(store, 'trunk-congested'));
    await until(() => access() === 'probe');
    store.reserve('a', 'first');
    fail(store, 'trunk-timeout', 'first');
    const { hold, trips } = store.read('a');
    expect(trips).toBe(2);
    expect((hold?.until ?? 0) - (hold?.since ?? 0)).toBeGreaterThanOrEqual(2 * COOLDOWN_MS * 0.9);
  });

  it('gives the permit to another call when the first said nothing', async () => {
    await create();
    times(5, () => fail(store, 'trunk-congested'));
    await until(() => access() === 'probe');
    store.reserve('a', 'first');
    store.abandon('first');
    expect(store.reserve('a', 'second')).toBe(true);
    fail(store, 'invalid-number', 'second');
    expect(access()).toBe('probe');
  });

  it('gives all of several permits to one instance', async () => {
    await create({ probeCalls: 3 });
    times(5, () => fail(store, 'trunk-congested'));
    await until(() => access() === 'probe');
    const given = ['1', '2', '3', '4'].map((hunt) => store.reserve('a', hunt));
    expect(given).toEqual([true, true, true, false]);
    for (const hunt of ['1', '2', '3']) answer(store, hunt);
    expect(phase()).toBe('closed');
  });

  it('never holds a trunk for busy callees', async () => {
    await create();
    times(100, () => fail(store, 'busy'));
    expect(access()).toBe('open');
  });

  it('takes an operator’s hold and clear at once', async () => {
    await create();
    expect(store.hold('a', { by: 'operator', why: 'carrier works on it' })).toBe(true);
    expect(store.read('a')).toMatchObject({ access: 'held', hold: { absolute: true } });
    store.hold('a', { by: 'operator', why: 'nearly done', for: 60_000 });
    expect(store.read('a').hold?.why).toBe('nearly done');
    expect(store.clear('a')).toBe(true);
    expect(access()).toBe('open');
    expect(store.hold('x', { by: 'operator', why: '' })).toBe(false);
    expect(store.clear('x')).toBe(false);
  });

  it('lists every trunk in order', async () => {
    await create();
    times(3, () => fail(store, 'trunk-congested'));
    expect(store.list()).toMatchObject([
      { trunk: 'a', phase: 'closed', counts: { far: { faults: 3, streak: 3 } } },
      { trunk: 'b', phase: 'closed', counts: { far: { faults: 0 } } },
    ]);
  });
});
