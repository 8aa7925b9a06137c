import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RedisServer, replicaOf, sentinel } from '../../lab/redis/server';
import { until } from '../doubles/until';
import { redisProgram } from './programs';
import { fail, redisStore, times, type StoreUnderTest } from './stores';

const LONG = { cooldown: 60_000, maxCooldown: 600_000 };

jest.setTimeout(30_000);

const servers: RedisServer[] = [];
const stores: StoreUnderTest[] = [];
let folder: string;

afterEach(async () => {
  await Promise.all(stores.map(({ store }) => store.stop()));
  await Promise.all(servers.map((server) => server.kill()));
  rmSync(folder, { recursive: true, force: true });
});

async function start(kind?: Parameters<typeof RedisServer.start>[1]): Promise<RedisServer> {
  const server = await RedisServer.start(redisProgram(), kind);
  servers.push(server);
  return server;
}

function instance(watcher: RedisServer): StoreUnderTest {
  const made = redisStore(watcher.port, LONG, 'test:', { sentinelName: 'main' });
  stores.push(made);
  made.store.start();
  return made;
}

const shared = ({ lines }: StoreUnderTest) => lines.filter((line) => /shared/.test(line)).length;
const losses = ({ lines }: StoreUnderTest) => lines.filter((line) => /cannot be/.test(line)).length;

it('a failover by Sentinel is one loss and one return, and nothing that anybody knew is lost', async () => {
  folder = mkdtempSync(join(tmpdir(), 'crankback-sentinel-'));
  const master = await start();
  await start(replicaOf(master.port));
  const config = join(folder, 'sentinel.conf');
  writeFileSync(
    config,
    [
      `sentinel monitor main 127.0.0.1 ${master.port} 1`,
      'sentinel down-after-milliseconds main 300',
      'sentinel failover-timeout main 2000',
      `dir ${folder}`,
      '',
    ].join('\n'),
  );
  const watcher = await start(sentinel(config));
  const [first, second] = [instance(watcher), instance(watcher)];
  await until(() => shared(first) === 1 && shared(second) === 1);
  first.store.hold('b', { by: 'operator', why: 'before' });
  await until(() => second.store.read('b').hold?.why === 'before');

  // On a machine that starts slowly, a pulse may have come before the connection.
  const before = [first, second].map(losses);
  const isLost = (which: StoreUnderTest, index: number) =>
    losses(which) === (before[index] ?? 0) + 1;
  await master.kill();
  times(5, () => fail(first.store, 'trunk-congested'));
  await until(() => [first, second].every(isLost));
  await until(() => shared(first) === 2 && shared(second) === 2);
  await until(() => second.store.read('a').access === 'held');
  const late = instance(watcher);
  await until(() => late.store.read('a').access === 'held');
  await until(() => late.store.read('b').hold?.why === 'before');
  expect([first, second, late].map(({ store }) => store.read('a').trips)).toEqual([1, 1, 1]);
  expect([first, second].every(isLost)).toBe(true);
});
