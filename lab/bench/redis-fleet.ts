/**
 * Measures the load that instances with shared trunk health put on one Redis, and what Redis costs a
 * decision. Each instance is a process.
 *   npm run build && node dist/lab/bench/redis-fleet.js
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Redis } from 'ioredis';
import { Registry } from 'prom-client';
import { setTimeout as pause } from 'node:timers/promises';
import { createLogger } from 'winston';
import { createRedisMetrics } from '../../adapters/redis/metrics';
import { RedisHealthStore } from '../../adapters/redis/redis-store';
import { DEFAULT_HEALTH } from '../../src/policy/health-settings';
import type { AttemptOutcome } from '../../src/trunks/health/attempt-outcome';
import type { HealthStore } from '../../src/trunks/health/health-store';
import { provideRedisServers } from '../provision/redis-server';
import { RedisServer } from '../redis/server';

const INSTANCES = 10;
const TRUNKS = ['carrier-a', 'carrier-b', 'carrier-c', 'carrier-d'];
const RATES = [0, 1, 10, 100, 500];
const MEASURED_MS = 8_000;
const ROUNDS = 3;
const BATCHES = 100;

const ANSWERED: AttemptOutcome = { kind: 'answered' };
/** One call in twenty fails by the trunk: less than any trip needs, as on a good day. */
const FAULTY: AttemptOutcome = {
  kind: 'failed',
  failure: { class: 'trunk-congested', fault: 'trunk', origin: 'far', rang: false, sip: 503 },
};

/** A command to an instance: calls per second from now on, or to hold or clear a trunk. */
type Order = { readonly rate: number } | 'hold' | 'clear';

async function main(): Promise<void> {
  const [program] = await provideRedisServers();
  if (!program) throw new Error('no redis-server');
  const server = await RedisServer.start(program);
  const instances = Array.from({ length: INSTANCES }, (_, index) =>
    fork(__filename, [String(server.port), String(index)]),
  );
  const probe = new Redis({ port: server.port, host: '127.0.0.1', protocol: 2 });
  // It is killed on purpose.
  probe.on('error', () => undefined);
  const own = storeAt(server.port, 'own');
  try {
    await Promise.all(instances.map((instance) => once(instance, 'message')));
    await pause(1500);
    await fleet(instances, probe);
    await trip(instances, probe);
    await Promise.all(instances.map(end));
    own.start();
    await decisions(own, server);
  } finally {
    await Promise.all(instances.map(end));
    await own.stop();
    probe.disconnect();
    server.thaw();
    await server.kill();
  }
}

async function end(instance: ChildProcess): Promise<void> {
  if (instance.exitCode !== null) return;
  const exit = once(instance, 'exit');
  instance.disconnect();
  await exit;
}

/** One instance: carries out commands until its input ends. */
function instance(port: number, index: string): void {
  const store = storeAt(port, index);
  let rate = 0;
  const calls = setInterval(() => oneTick(store, rate / 10), 100);
  process.on('message', (order: Order) => {
    if (order === 'hold') store.hold('carrier-a', { by: 'operator', why: 'bench' });
    else if (order === 'clear') store.clear('carrier-a');
    else rate = order.rate;
  });
  process.on('disconnect', () => {
    clearInterval(calls);
    void store.stop();
  });
  store.start();
  process.send?.('started');
}

async function fleet(instances: readonly ChildProcess[], probe: Redis): Promise<void> {
  console.log(`${INSTANCES} instances, ${TRUNKS.length} trunks; per instance and second:`);
  console.log('calls/s  commands  bytes to Redis  bytes from Redis');
  for (const rate of RATES) {
    for (const one of instances) tell(one, { rate });
    await pause(1500);
    const before = await usage(probe);
    const started = performance.now();
    await pause(MEASURED_MS);
    const after = await usage(probe);
    const seconds = (performance.now() - started) / 1000;
    const per = (amount: number) => amount / seconds / INSTANCES;
    const cells = [
      per(after.commands - before.commands).toFixed(2),
      per(after.input - before.input).toFixed(0),
      per(after.output - before.output - before.ownReply).toFixed(0),
    ];
    console.log(
      `${String(rate).padStart(7)}  ${(cells[0] ?? '').padStart(8)}  ${(cells[1] ?? '').padStart(14)}  ${(cells[2] ?? '').padStart(16)}`,
    );
  }
  for (const one of instances) tell(one, { rate: 0 });
}

function tell(instance: ChildProcess | undefined, order: Order): void {
  instance?.send(order);
}

let call = 0;
let owed = 0;

/** Places `share` calls, over all trunks in turn. */
function oneTick(store: HealthStore, share: number): void {
  owed += share;
  for (; owed >= 1; owed -= 1) {
    call += 1;
    const trunk = TRUNKS[call % TRUNKS.length] as string;
    store.read(trunk);
    const outcome = Math.random() < 0.05 ? FAULTY : ANSWERED;
    const number = `+4930${Math.floor(Math.random() * 10_000)}`;
    store.report({ trunk, hunt: `h${call}`, number, outcome });
  }
}

/** One trip and one clear: the traffic that each other instance gets. */
async function trip(instances: readonly ChildProcess[], probe: Redis): Promise<void> {
  await pause(1500);
  const before = await usage(probe);
  tell(instances[0], 'hold');
  await pause(50);
  tell(instances[0], 'clear');
  await pause(50);
  const after = await usage(probe);
  const [commands, output] = [
    after.commands - before.commands,
    after.output - before.output - before.ownReply,
  ];
  console.log(
    `a hold and its end, ${INSTANCES} instances: ${commands} commands (pulses of 0.1 s among them), ${output} bytes from Redis`,
  );
}

/** Cost of a decision in every condition of Redis, in one run. */
async function decisions(store: HealthStore, server: RedisServer): Promise<void> {
  const conditions: readonly [string, () => void | Promise<void>][] = [
    ['up', () => undefined],
    ['frozen', () => server.freeze()],
    ['thawed', () => server.thaw()],
    ['killed', () => server.kill()],
    ['back', () => server.startAgain()],
  ];
  const times = new Map<string, number[]>(conditions.map(([name]) => [name, []]));
  decide(store, 'warm-up', []);
  // In turn, so that other changes on this machine affect every condition.
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, bring] of conditions) {
      await bring();
      await pause(2000);
      for (let batch = 0; batch < BATCHES; batch++) {
        decide(store, `${name}${round}.${batch}`, times.get(name) ?? []);
        // Allows background work in between, as a PBX's events do.
        await pause(1);
      }
    }
  }
  console.log(`read of ${TRUNKS.length} trunks, reserve and report; microseconds:`);
  console.log('Redis     p50    p99');
  const at = (name: string, share: number) => {
    const sorted = (times.get(name) ?? []).sort((a, b) => a - b);
    return sorted[Math.floor(sorted.length * share)] ?? 0;
  };
  for (const [name] of conditions) {
    const ratio = (at(name, 0.5) / at('up', 0.5)).toFixed(2);
    console.log(
      `${name.padEnd(8)}  ${at(name, 0.5).toFixed(1)}   ${at(name, 0.99).toFixed(1)}   x${ratio} of up`,
    );
  }
}

function decide(store: HealthStore, hunts: string, times: number[]): void {
  for (let index = 0; index < 100; index++) {
    const hunt = `${hunts}.${index}`;
    const started = process.hrtime.bigint();
    for (const trunk of TRUNKS) store.read(trunk);
    store.reserve('carrier-a', hunt);
    store.report({ trunk: 'carrier-a', hunt, number: '200', outcome: ANSWERED });
    times.push(Number(process.hrtime.bigint() - started) / 1000);
  }
}

interface Usage {
  readonly commands: number;
  readonly input: number;
  readonly output: number;
  /** Bytes of the reply with these figures, which do not include it. */
  readonly ownReply: number;
}

async function usage(probe: Redis): Promise<Usage> {
  const info = await probe.info('everything');
  const number = (pattern: string) => Number(new RegExp(pattern, 'm').exec(info)?.[1] ?? 0);
  const calls = (name: string) => number(`^cmdstat_${name}:calls=(\\d+)`);
  return {
    // The lease script also calls GET, but does not run during these figures.
    commands: calls('getrange') + calls('set') + calls('evalsha') + calls('eval'),
    input: number('^total_net_input_bytes:(\\d+)'),
    output: number('^total_net_output_bytes:(\\d+)'),
    ownReply: Buffer.byteLength(info),
  };
}

function storeAt(port: number, index: string): RedisHealthStore {
  return new RedisHealthStore({
    settings: { servers: [{ host: '127.0.0.1', port }], db: 0, tls: false, prefix: 'bench:' },
    log: createLogger({ silent: true }),
    metrics: createRedisMetrics(new Registry()),
    trunks: new Map(TRUNKS.map((name) => [name, DEFAULT_HEALTH])),
    now: () => performance.timeOrigin + performance.now(),
    random: () => Math.random(),
    instance: `bench-${index}`,
  });
}

const [port, index] = process.argv.slice(2);
if (port !== undefined && index !== undefined) {
  instance(Number(port), index);
} else {
  main().catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
}
