import { Redis } from 'ioredis';
import { RedisServer } from '../../lab/redis/server';
import { until, untilAsync } from '../doubles/until';
import { redisProgram } from './programs';
import { answer, fail, redisStore, times } from './stores';

jest.setTimeout(30_000);

let server: RedisServer;
let reader: Redis;

beforeAll(async () => {
  server = await RedisServer.start(redisProgram());
  reader = new Redis({ port: server.port, host: '127.0.0.1', protocol: 2 });
});
afterAll(async () => {
  await reader.quit();
  await server.kill();
});

/** Everything that is stored under a prefix: names and contents. */
async function stored(prefix: string): Promise<string[]> {
  const keys = await reader.keys(`${prefix}*`);
  const contents = await Promise.all(
    keys.map(async (key) =>
      (await reader.type(key)) === 'hash'
        ? Object.entries(await reader.hgetall(key)).flat()
        : [(await reader.get(key)) ?? ''],
    ),
  );
  return [...keys, ...contents.flat()];
}

it('no number gets to Redis, stored or published: only marks of 16 bits', async () => {
  const published: string[] = [];
  const subscriber = reader.duplicate();
  subscriber.on('message', (_: string, message: string) => published.push(message));
  await subscriber.subscribe('n:states');
  const { store, lines } = redisStore(server.port, {}, 'n:');
  store.start();
  await until(() => lines.some((line) => line.includes('shared')));
  times(3, () => fail(store, 'trunk-congested'));
  let tally: string[] = [];
  await untilAsync(async () => {
    tally = await stored('n:');
    return tally.some((text) => /^n\d+$/.test(text));
  });
  times(5, () => fail(store, 'trunk-congested'));
  await until(() => published.length > 0);
  const text = [...tally, ...(await stored('n:')), ...published].join('\n');
  // As `fail` dials them, and as `answer` does.
  answer(store);
  expect(text).toContain('faults');
  expect(text).not.toMatch(/49305\d{4}/);
  for (const [, mark] of text.matchAll(/^[ns](\d+)$/gm)) expect(Number(mark)).toBeLessThan(0x10000);
  await subscriber.quit();
  await store.stop();
});
