/**
 * Measures what a large fleet costs one Redis: idle, with a hold that all have to hear, and when Redis is killed and
 * comes back. The instances are real, many in each process, so their number is bounded by this machine.
 *   npm run build && node dist/lab/bench/redis-crowd.js [instances] [processes] [--herd] [--only idle|return]
 * --herd: all come back at once, as in a small fleet, for comparison.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Redis } from 'ioredis';
import { Registry } from 'prom-client';
import { createLogger } from 'winston';
import { Crowd } from '../../adapters/redis/crowd';
import { createRedisMetrics } from '../../adapters/redis/metrics';
import { RedisHealthStore } from '../../adapters/redis/redis-store';
import { DEFAULT_HEALTH } from '../../src/policy/health-settings';
import { provideRedisServers } from '../provision/redis-server';
import { forMany, RedisServer } from '../redis/server';

const TRUNKS = ['carrier-a', 'carrier-b', 'carrier-c', 'carrier-d'];
const CONNECTIONS_EACH = 2;
/** Instances begin one after the other, as no fleet does that is to be measured. */
const BEGUN_AT_ONCE = 25;
const MEASURED_MS = 10_000;
/** Longer than an instance without calls beats as one with calls, and than the pulse that follows. */
const IDLE_AFTER_MS = 40_000;
const LEARNT_MS = 8_000;
const AWAY_MS = 3_000;
const SAMPLE_MS = 250;
const LONGEST_RETURN_MS = 60_000;

type Order = 'hold' | 'standing';

/** What one process says of its instances. */
interface Standing {
  readonly shared: number;
  readonly heard: number;
  /** When the last of them heard of the hold, or 0. Unix time in milliseconds. */
  readonly heardAt: number;
}

const now = (): number => performance.timeOrigin + performance.now();

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { herd: { type: 'boolean' }, only: { type: 'string' } },
  });
  const [count = 1_000, processes = 2] = positionals.map(Number);
  const [program] = await provideRedisServers();
  if (!program) throw new Error('no redis-server');
  const kind = forMany(count * CONNECTIONS_EACH + 100);
  const server = await RedisServer.start(program, kind);
  const each = Math.ceil(count / processes);
  const children = Array.from({ length: processes }, (_, index) =>
    fork(__filename, ['instances', server.port, each, index, values.herd ?? false].map(String)),
  );
  let probe = probeOf(server.port);
  try {
    const all = each * processes;
    await shared(children, all, 10 * LONGEST_RETURN_MS);
    console.log(`${all} instances in ${processes} processes, ${TRUNKS.length} trunks`);
    if (values.only !== 'return') {
      await idle('as with calls', probe, all);
      await pause(IDLE_AFTER_MS);
      await idle('idle', probe, all);
      await heard(children, all);
    }
    if (values.only === 'idle') return;
    // Each has learnt how many there are.
    if (values.only === 'return') await pause(LEARNT_MS);
    probe.disconnect();
    await server.kill();
    await pause(AWAY_MS);
    await server.startAgain();
    probe = probeOf(server.port);
    await back(probe, children, all);
  } finally {
    probe.disconnect();
    for (const child of children) child.disconnect();
    await Promise.all(children.map(async (child) => child.exitCode ?? (await once(child, 'exit'))));
    await server.kill();
  }
}

function probeOf(port: number): Redis {
  const probe = new Redis({ port, host: '127.0.0.1', protocol: 2 });
  probe.on('error', () => undefined);
  return probe;
}

async function standing(children: readonly ChildProcess[]): Promise<Standing> {
  const all = await Promise.all(
    children.map(async (child) => {
      const answer = once(child, 'message');
      child.send('standing' satisfies Order);
      return ((await answer) as [Standing])[0];
    }),
  );
  return {
    shared: all.reduce((sum, one) => sum + one.shared, 0),
    heard: all.reduce((sum, one) => sum + one.heard, 0),
    heardAt: Math.max(...all.map(({ heardAt }) => heardAt)),
  };
}

/** @returns milliseconds until all were */
async function shared(
  children: readonly ChildProcess[],
  count: number,
  longest: number,
): Promise<number> {
  const since = now();
  while ((await standing(children)).shared < count) {
    if (now() - since > longest) throw new Error('they never all share their state');
    await pause(100);
  }
  return now() - since;
}

async function idle(what: string, probe: Redis, count: number): Promise<void> {
  const before = await usage(probe);
  const since = now();
  await pause(MEASURED_MS);
  const after = await usage(probe);
  const seconds = (now() - since) / 1_000;
  const per = (of: keyof typeof before): number => (after[of] - before[of]) / seconds;
  const commands = per('commands');
  console.log(
    `${what}: ${commands.toFixed(0)} commands a second (${(commands / count).toFixed(2)} each), ` +
      `${(per('input') / 1_000).toFixed(1)} kB/s to Redis, Redis takes ${(per('cpu') * 100).toFixed(1)}% of a core`,
  );
}

async function heard(children: readonly ChildProcess[], count: number): Promise<void> {
  const since = now();
  children[0]?.send('hold' satisfies Order);
  let seen = await standing(children);
  while (seen.heard < count - 1 && now() - since < LONGEST_RETURN_MS) {
    await pause(50);
    seen = await standing(children);
  }
  console.log(
    `a hold: heard by ${seen.heard} others, the last one after ${(seen.heardAt - since).toFixed(0)} ms`,
  );
}

/** From Redis's return until each instance has said that it shares its state again. */
async function back(probe: Redis, children: readonly ChildProcess[], count: number): Promise<void> {
  const since = now();
  const samples: { at: number; received: number; cpu: number; shared: number }[] = [];
  // Those who come back are busy with it: Redis is asked without waiting for them.
  let whole = 0;
  const ask = async (): Promise<void> => {
    while (whole < count && now() - since < LONGEST_RETURN_MS) {
      ({ shared: whole } = await standing(children));
      await pause(SAMPLE_MS);
    }
  };
  const asking = ask();
  do {
    const { received, cpu } = await usage(probe);
    samples.push({ at: now() - since, received, cpu, shared: whole });
    await pause(SAMPLE_MS);
  } while (whole < count && now() - since < LONGEST_RETURN_MS);
  await asking;
  let [most, busiest] = [0, 0];
  console.log(
    's after its return  connections a second  Redis of a core  instances that share again',
  );
  for (const [index, one] of samples.entries()) {
    const last = samples[index - 1];
    if (!last) continue;
    const seconds = (one.at - last.at) / 1_000;
    const rate = (one.received - last.received) / seconds;
    const cpu = (100 * (one.cpu - last.cpu)) / seconds;
    [most, busiest] = [Math.max(most, rate), Math.max(busiest, cpu)];
    console.log(
      `${(one.at / 1_000).toFixed(1).padStart(18)}  ${rate.toFixed(0).padStart(20)}  ${`${cpu.toFixed(0)}%`.padStart(15)}  ${String(one.shared).padStart(26)}`,
    );
  }
  const end = samples.at(-1);
  console.log(
    `${end?.shared} of ${count} share again after ${((end?.at ?? 0) / 1_000).toFixed(1)} s; ` +
      `${most.toFixed(0)} connections a second at most, Redis ${busiest.toFixed(0)}% of a core at most, ` +
      `${((end?.cpu ?? 0) - (samples[0]?.cpu ?? 0)).toFixed(1)} s of CPU in all`,
  );
}

async function usage(probe: Redis) {
  const info = await probe.info('everything');
  const number = (name: string): number =>
    Number(new RegExp(`^${name}:([\\d.]+)`, 'm').exec(info)?.[1] ?? 0);
  return {
    commands: number('total_commands_processed'),
    input: number('total_net_input_bytes'),
    received: number('total_connections_received'),
    cpu: number('used_cpu_sys') + number('used_cpu_user'),
  };
}

/** Many instances in this process, until its parent ends. */
async function instances(port: number, count: number, which: number): Promise<void> {
  let [heardOf, heardAt] = [0, 0];
  const stores: RedisHealthStore[] = [];
  process.on('message', (order: Order) => {
    if (order === 'hold') stores[0]?.hold('carrier-a', { by: 'operator', why: 'bench' });
    else
      process.send?.({
        shared: stores.filter((store) => store.warnings().length === 0).length,
        ...{ heard: heardOf, heardAt },
      } satisfies Standing);
  });
  process.on('disconnect', () => process.exit());
  for (let index = 0; index < count; index++) {
    const store = new RedisHealthStore({
      settings: { servers: [{ host: '127.0.0.1', port }], db: 0, tls: false, prefix: 'bench:' },
      log: createLogger({ silent: true }),
      metrics: createRedisMetrics(new Registry()),
      trunks: new Map(TRUNKS.map((name) => [name, DEFAULT_HEALTH])),
      now,
      random: () => Math.random(),
      instance: `bench-${which}-${index}`,
      changed: ({ learnt, to }) => {
        if (!learnt || to.phase !== 'held') return;
        heardOf += 1;
        heardAt = now();
      },
    });
    store.start();
    stores.push(store);
    if (index % BEGUN_AT_ONCE === 0) await pause(50);
  }
}

const [role, port, count, index, herd] = process.argv.slice(2);
if (role === 'instances') {
  if (herd === 'true') Crowd.prototype.wait = () => 200 + Math.random() * 600;
  void instances(Number(port), Number(count), Number(index));
} else {
  main().catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
}
