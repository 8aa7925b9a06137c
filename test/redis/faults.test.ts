import { pause, until } from '../doubles/until';
import type { HealthStore } from '../../src/trunks/health/health-store';
import { RedisServer } from '../../lab/redis/server';
import { redisProgram } from './programs';
import { SlowProxy } from './slow-proxy';
import { answer, COOLDOWN_MS, fail, now, redisStore, times, type StoreUnderTest } from './stores';

/** From Redis's return to everybody knowing the same. */
const CONVERGED_MS = 2_000;
const LONG = { cooldown: 60_000, maxCooldown: 600_000 };

// `until` says what it waited for; it must come first, also on a busy machine.
jest.setTimeout(30_000);

let server: RedisServer;
let proxy: SlowProxy | undefined;
let stores: StoreUnderTest[] = [];

beforeEach(async () => void (server = await RedisServer.start(redisProgram())));
afterEach(async () => {
  await Promise.all(stores.map(({ store }) => store.stop()));
  stores = [];
  await proxy?.stop();
  proxy = undefined;
  server.thaw();
  await server.kill();
});

async function pair(settings = {}, port = server.port): Promise<[HealthStore, HealthStore]> {
  stores = [redisStore(port, settings), redisStore(port, settings)];
  for (const { store } of stores) store.start();
  await until(() => stores.every((one) => shared(one) === 1));
  return [stores[0]!.store, stores[1]!.store];
}

const shared = ({ lines }: StoreUnderTest) => lines.filter((line) => /shared/.test(line)).length;
const losses = ({ lines }: StoreUnderTest) => lines.filter((line) => /cannot be/.test(line)).length;
const isHeld = (store: HealthStore) => store.read('a').access === 'held';

/** Everything that a call does: in one turn, whatever Redis is doing, and with the right result. */
function oneCall(store: HealthStore, act: () => void): void {
  let otherTurn = false;
  setImmediate(() => (otherTurn = true));
  store.read('a');
  store.reserve('b', 'call');
  act();
  expect(otherTurn).toBe(false);
}

async function converged(since: number, same: () => boolean) {
  await until(same);
  expect(now() - since).toBeLessThan(CONVERGED_MS);
}

describe.each([
  ['killed', () => server.kill(), () => server.startAgain()],
  ['frozen', () => Promise.resolve(server.freeze()), () => Promise.resolve(server.thaw())],
])('Redis %s', (_name, takeAway, bringBack) => {
  it('leaves every instance its own state, and merges them on its return', async () => {
    const [first, second] = await pair(LONG);
    await takeAway();
    times(5, () => oneCall(first, () => fail(first, 'trunk-congested')));
    expect(isHeld(first)).toBe(true);
    expect(isHeld(second)).toBe(false);
    await until(() => stores.every((one) => losses(one) === 1));
    expect(await stores[0]!.metric('crankback_redis_reachable')).toBe(
      'crankback_redis_reachable 0',
    );
    // Found while alone, by both: one trip, not two.
    times(5, () => oneCall(second, () => fail(second, 'trunk-congested')));
    await pause(1500);
    await bringBack();
    const since = now();
    await converged(since, () => first.read('a').hold?.id === second.read('a').hold?.id);
    await until(() => stores.every((one) => shared(one) === 2));
    expect([first.read('a').trips, second.read('a').trips]).toEqual([1, 1]);
    expect(stores.map(losses)).toEqual([1, 1]);
    expect(await stores[0]!.metric('crankback_redis_reachable')).toBe(
      'crankback_redis_reachable 1',
    );
    // Nothing that was settled before is told again.
    await pause(1500);
    expect(stores.flatMap(({ changes }) => changes).length).toBeLessThanOrEqual(3);
  });

  it('brings a trip of one to the other on its return', async () => {
    const [first, second] = await pair(LONG);
    await takeAway();
    times(5, () => fail(first, 'trunk-congested'));
    await until(() => stores.every((one) => losses(one) === 1));
    await bringBack();
    await converged(now(), () => isHeld(second));
  });

  it('lets each instance try the trunk by itself meanwhile', async () => {
    const [first] = await pair();
    times(5, () => fail(first, 'trunk-congested'));
    await takeAway();
    await until(() => losses(stores[0]!) === 1);
    await until(() => first.read('a').access === 'probe');
    expect(first.reserve('a', 'h')).toBe(true);
    answer(first, 'h');
    expect(first.read('a').access).toBe('open');
    await bringBack();
    await converged(now(), () => stores.every(({ store }) => store.read('a').phase === 'closed'));
  });
});

describe('Redis restarted empty', () => {
  it('gets back what the instances know', async () => {
    const [first, second] = await pair(LONG);
    times(5, () => fail(first, 'trunk-congested'));
    first.hold('b', { by: 'operator', why: 'by hand' });
    await until(() => isHeld(second) && second.read('b').access === 'held');
    await server.kill();
    await server.startAgain();
    const since = now();
    await until(() => stores.every((one) => shared(one) === 2));
    expect(now() - since).toBeLessThan(CONVERGED_MS);
    const late = redisStore(server.port, LONG);
    stores.push(late);
    late.store.start();
    await until(() => isHeld(late.store));
    await until(() => late.store.read('b').hold?.why === 'by hand');
    expect(late.store.read('a').trips).toBe(1);
    // And it goes on from there.
    late.store.clear('a');
    await until(() => !isHeld(first) && !isHeld(second));
  });

  it('gets back that a trunk was put in order, so that a newcomer can hold it', async () => {
    const [first, second] = await pair(LONG);
    first.hold('b', { by: 'operator', why: 'once' });
    await until(() => second.read('b').access === 'held');
    first.clear('b');
    await until(() => second.read('b').access === 'open');
    await server.kill();
    await server.startAgain();
    await until(() => stores.every((one) => shared(one) === 2));
    const late = redisStore(server.port, LONG);
    stores.push(late);
    late.store.start();
    await until(() => shared(late) === 1);
    late.store.hold('b', { by: 'operator', why: 'again' });
    await until(() => first.read('b').hold?.why === 'again');
    // Nobody takes it back.
    await pause(2500);
    expect(stores.map(({ store }) => store.read('b').hold?.why)).toEqual([
      'again',
      'again',
      'again',
    ]);
  });
});

describe('Redis 200 ms away', () => {
  it('delays what others learn and nothing else', async () => {
    proxy = await SlowProxy.start(server.port, () => 100);
    const [first, second] = await pair({}, proxy.port);
    times(5, () => oneCall(first, () => fail(first, 'trunk-congested')));
    const tripped = now();
    expect(isHeld(first)).toBe(true);
    await until(() => isHeld(second));
    expect(now() - tripped).toBeGreaterThanOrEqual(190);
    expect(now() - tripped).toBeLessThan(1000);
    await until(() => [first, second].some((store) => store.read('a').access === 'probe'));
    expect(now() - tripped).toBeGreaterThan(COOLDOWN_MS * 0.9);
    expect([first.reserve('a', '1'), second.reserve('a', '2')].filter(Boolean)).toHaveLength(1);
    expect(stores.map(losses)).toEqual([0, 0]);
  });
});

describe('an instance that has never seen Redis', () => {
  it('works alone, says so once, and joins the others when it comes', async () => {
    await server.kill();
    const alone = redisStore(server.port, LONG);
    stores.push(alone);
    alone.store.start();
    times(5, () => fail(alone.store, 'trunk-congested'));
    expect(isHeld(alone.store)).toBe(true);
    await until(() => losses(alone) === 1);
    await pause(1000);
    expect(losses(alone)).toBe(1);
    await server.startAgain();
    await converged(now(), () => shared(alone) === 1);
  });
});

it('a connection for commands that comes up later than the other is no loss', async () => {
  proxy = await SlowProxy.start(server.port, (connection) => (connection === 0 ? 100 : 0));
  stores = [redisStore(proxy.port)];
  stores[0]!.store.start();
  await until(() => shared(stores[0]!) === 1);
  expect(losses(stores[0]!)).toBe(0);
});
