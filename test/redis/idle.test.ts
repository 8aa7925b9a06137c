import { Redis } from 'ioredis';
import { RedisLink } from '../../adapters/redis/link';
import { RedisServer } from '../../lab/redis/server';
import { pause, until } from '../doubles/until';
import { redisProgram } from './programs';
import { answer, redisStore, type StoreUnderTest } from './stores';

jest.setTimeout(30_000);

const IDLE_AFTER = 300;
const TIMES = { pulse: 50, idlePulse: 10_000, idleAfter: IDLE_AFTER };

let server: RedisServer;
let admin: Redis;
let stores: StoreUnderTest[] = [];

beforeEach(async () => {
  server = await RedisServer.start(redisProgram());
  admin = new Redis({ port: server.port, host: '127.0.0.1', protocol: 2 });
  admin.on('error', () => undefined);
});
afterEach(async () => {
  jest.restoreAllMocks();
  await Promise.all(stores.map(({ store }) => store.stop()));
  stores = [];
  admin.disconnect();
  server.thaw();
  await server.kill();
});

async function idle(count: number): Promise<StoreUnderTest[]> {
  stores = Array.from({ length: count }, () =>
    redisStore(server.port, { cooldown: 60_000 }, 'test:', {}, TIMES),
  );
  for (const { store } of stores) store.start();
  await until(() => stores.every(({ store }) => store.warnings().length === 0));
  // Longer than without calls, and than the pulse that follows.
  await pause(IDLE_AFTER + 300);
  return stores;
}

/** Pulses of all instances meanwhile. */
async function pulsesWithin(ms: number): Promise<number> {
  const count = async () =>
    Number(/^cmdstat_getrange:calls=(\d+)/m.exec(await admin.info('commandstats'))?.[1] ?? 0);
  const before = await count();
  await pause(ms);
  return (await count()) - before;
}

it('an instance without calls asks rarely, and as often as ever with the first call', async () => {
  const [one] = await idle(1);
  expect(await pulsesWithin(1_000)).toBe(0);
  const calls = setInterval(() => one!.store.reserve('a', 'h'), 20);
  // Twenty or more where the machine is quick; at once, not after what an idle one waits.
  expect(await pulsesWithin(1_000)).toBeGreaterThan(3);
  clearInterval(calls);
  await pause(IDLE_AFTER + 300);
  expect(await pulsesWithin(1_000)).toBe(0);
  answer(one!.store);
  expect(await pulsesWithin(IDLE_AFTER)).toBeGreaterThan(0);
});

it('idle instances hear at once of a hold and of its end, and need no pulse for it', async () => {
  const [first, second, third] = (await idle(3)).map(({ store }) => store);
  const before = Date.now();
  first!.hold('a', { by: 'operator', why: 'by hand' });
  await until(() => [second!, third!].every((store) => store.read('a').access === 'held'));
  second!.clear('a');
  await until(() => [first!, third!].every((store) => store.read('a').access === 'open'));
  expect(Date.now() - before).toBeLessThan(TIMES.idlePulse / 2);
});

it('an idle instance that may have missed something looks at once', async () => {
  const [first, second] = await idle(2);
  // More of them than are taken between two pulses: what stands in Redis then is all that counts.
  const waits = pulsesWithin(1_000);
  for (let index = 0; index < 8; index++) {
    first!.store.hold('a', { by: 'operator', why: `${index}` });
    await pause(30);
    first!.store.clear('a');
    await pause(30);
  }
  first!.store.hold('a', { by: 'operator', why: 'the last one' });
  await until(() => second!.store.read('a').hold?.why === 'the last one');
  expect(await waits).toBeGreaterThan(3);
  await pause(IDLE_AFTER + 300);
  expect(await pulsesWithin(500)).toBe(0);
  // Whoever is not told of changes looks them up.
  await admin.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
  expect(await pulsesWithin(2_000)).toBeGreaterThan(0);
});

it('an instance that is told of no changes looks them up as often without calls', async () => {
  await admin.call('ACL', 'SETUSER', 'default', 'resetchannels');
  const [first, second] = await idle(2);
  expect(await pulsesWithin(1_000)).toBeGreaterThan(6);
  first!.store.hold('a', { by: 'operator', why: 'by hand' });
  await until(() => second!.store.read('a').access === 'held');
});

it('calls make nobody ask a Redis that is away sooner than its turn is', async () => {
  const [one] = await idle(1);
  jest.spyOn(RedisLink.prototype, 'patience', 'get').mockReturnValue(10_000);
  await server.kill();
  await until(() => one!.store.warnings().length > 0);
  await pause(200);
  const asked = jest.spyOn(RedisLink.prototype, 'takesWrites');
  const failed = jest.spyOn(RedisLink.prototype, 'failed');
  for (let call = 0; call < 50; call++) {
    one!.store.reserve('a', `h${call}`);
    await pause(10);
  }
  expect(asked.mock.calls.length + failed.mock.calls.length).toBeLessThan(2);
});

it('an idle instance that is alone tries as often as ever to share again', async () => {
  const [one] = await idle(1);
  server.freeze();
  one!.store.reserve('a', 'h');
  await until(() => one!.store.warnings().length > 0);
  await pause(IDLE_AFTER);
  server.thaw();
  const since = Date.now();
  await until(() => one!.store.warnings().length === 0);
  expect(Date.now() - since).toBeLessThan(TIMES.idlePulse / 2);
});
