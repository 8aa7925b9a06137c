import { pause, until } from '../doubles/until';
import { RedisServer } from '../../lab/redis/server';
import { redisProgram } from './programs';
import { answer, COOLDOWN_MS, fail, now, redisStore, times, type StoreUnderTest } from './stores';

// `until` says what it waited for; it must come first, also on a busy machine.
jest.setTimeout(30_000);

let server: RedisServer;
let stores: StoreUnderTest[] = [];
let prefixes = 0;

beforeAll(async () => void (server = await RedisServer.start(redisProgram())));
afterEach(async () => {
  await Promise.all(stores.map(({ store }) => store.stop()));
  stores = [];
});
afterAll(() => server.kill());

async function instances(count: number, settings = {}) {
  const prefix = `s${++prefixes}:`;
  stores = Array.from({ length: count }, () => redisStore(server.port, settings, prefix));
  for (const { store } of stores) store.start();
  await until(() => stores.every(({ lines }) => lines.some((line) => line.includes('shared'))));
  return stores.map(({ store }) => store);
}

describe('instances that share a Redis', () => {
  it('all hold a trunk that one of them has found sick, within 100 ms', async () => {
    const [first, second] = await instances(2);
    times(5, () => fail(first!, 'trunk-congested'));
    const tripped = now();
    await until(() => second!.read('a').access === 'held');
    expect(now() - tripped).toBeLessThan(100);
    expect(second!.read('a').hold?.why).toContain('5 faults in a row');
    expect(stores[1]?.changes).toMatchObject([{ from: 'closed', learnt: true }]);
  });

  it('find a trunk sick that none of them could have alone', async () => {
    const all = await instances(3);
    for (const store of all) times(2, () => fail(store, 'trunk-timeout'));
    await until(() => all.every((store) => store.read('a').access === 'held'));
    expect(all[0]?.read('a').hold?.why).toContain('on all instances together');
    expect(all.map((store) => store.read('a').trips)).toEqual([1, 1, 1]);
  });

  it('share no local failure', async () => {
    const [first, second] = await instances(2);
    times(5, () => fail(first!, 'local-unreachable'));
    expect(first!.read('a').hold?.side).toBe('local');
    await pause(1500);
    expect(second!.read('a').access).toBe('open');
  });

  it('give one permit between them, not one each', async () => {
    const all = await instances(5, { cooldown: COOLDOWN_MS });
    times(5, () => fail(all[0]!, 'trunk-congested'));
    await until(() => all.every((store) => store.read('a').phase === 'held'));
    await until(() => all.some((store) => store.read('a').access === 'probe'));
    await pause(700);
    const granted = all.filter((store, index) => store.reserve('a', `h${index}`));
    expect(granted).toHaveLength(1);
    await pause(100);
    expect(all.filter((store) => store.read('a').access !== 'held')).toEqual([]);
    answer(granted[0]!, `h${all.indexOf(granted[0]!)}`);
    await until(() => all.every((store) => store.read('a').access === 'open'));
    expect(all.map((store) => store.read('a').trips)).toEqual([1, 1, 1, 1, 1]);
  });

  it('pass the permit on from one that has no calls', async () => {
    const [idle, busy] = await instances(2);
    times(5, () => fail(idle!, 'trunk-congested'));
    await until(() => busy!.read('a').phase === 'held');
    const busyMayTry = () => busy!.read('a').access === 'probe';
    await until(busyMayTry);
    expect(busy!.reserve('a', 'h')).toBe(true);
  });

  it('count one trip where two find the trunk sick at the same time', async () => {
    const [first, second] = await instances(2, { cooldown: 60_000, maxCooldown: 600_000 });
    times(5, () => fail(first!, 'trunk-congested'));
    times(5, () => fail(second!, 'trunk-congested'));
    const same = () => first!.read('a').hold?.id === second!.read('a').hold?.id;
    await until(same);
    await pause(300);
    expect(same()).toBe(true);
    expect([first!.read('a').trips, second!.read('a').trips]).toEqual([1, 1]);
  });

  it('all follow an operator’s hold, its replacement and its end', async () => {
    const [first, second] = await instances(2);
    first!.hold('a', { by: 'operator', why: 'one' });
    await until(() => second!.read('a').hold?.why === 'one');
    second!.hold('a', { by: 'operator', why: 'two', for: 60_000 });
    await until(() => first!.read('a').hold?.why === 'two');
    first!.clear('a');
    await until(() => second!.read('a').access === 'open');
  });

  it('tell one that starts later', async () => {
    const [first] = await instances(1);
    first!.hold('a', { by: 'operator', why: 'before you came' });
    await pause(100);
    const late = redisStore(server.port, {}, `s${prefixes}:`);
    stores.push(late);
    late.store.start();
    await until(() => late.store.read('a').hold?.why === 'before you came');
  });
});
