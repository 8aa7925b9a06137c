import { Registry } from 'prom-client';
import { Writable } from 'node:stream';
import { createLogger, format, transports, type Logger } from 'winston';
import { createRedisMetrics } from '../../adapters/redis/metrics';
import { RedisHealthStore, type PulseTimes } from '../../adapters/redis/redis-store';
import { FAULT_OF, type FailureClass } from '../../src/model/classes';
import type { RedisSettings } from '../../src/settings/redis-settings';
import type { HealthSettings } from '../../src/policy/health-settings';
import type { HealthChange, HealthStore } from '../../src/trunks/health/health-store';

/** Short enough for a test, long enough for a slow machine. */
export const COOLDOWN_MS = 300;
export const HEALTH: HealthSettings = {
  trip: {
    consecutive: 5,
    ratio: { share: 0.5, minimum: 20, window: 30_000 },
    distinctNumbers: 3,
  },
  cooldown: COOLDOWN_MS,
  maxCooldown: 4 * COOLDOWN_MS,
  probeCalls: 1,
  retryAfterMax: 60_000,
};

/** As in production: a clock that nobody can set back. */
export const now = () => performance.timeOrigin + performance.now();

export interface StoreUnderTest {
  readonly store: RedisHealthStore;
  readonly instance: string;
  readonly changes: HealthChange[];
  readonly lines: string[];
  metric(name: string): Promise<string | undefined>;
}

let instances = 0;

export function redisStore(
  port: number,
  settings: Partial<HealthSettings> = {},
  prefix = 'test:',
  redis: Partial<RedisSettings> = {},
  pulses?: PulseTimes,
  trunks: readonly string[] = ['a', 'b'],
): StoreUnderTest {
  const registry = new Registry();
  const lines: string[] = [];
  const changes: HealthChange[] = [];
  const instance = `i${++instances}`;
  const health = { ...HEALTH, ...settings };
  const store = new RedisHealthStore({
    settings: { servers: [{ host: '127.0.0.1', port }], db: 0, tls: false, prefix, ...redis },
    log: logTo(lines),
    metrics: createRedisMetrics(registry),
    trunks: new Map(trunks.map((name) => [name, health])),
    now,
    random: () => Math.random(),
    instance,
    changed: (change) => changes.push(change),
    ...(pulses && { times: pulses }),
  });
  const metric = async (name: string) =>
    (await registry.metrics()).split('\n').find((line) => line.startsWith(`${name} `));
  return { store, instance, changes, lines, metric };
}

let calls = 0;

/** A failed attempt to a number of its own. */
export function fail(store: HealthStore, failureClass: FailureClass, hunt = `h${calls}`): void {
  const failure = {
    class: failureClass,
    fault: FAULT_OF[failureClass],
    origin: 'far' as const,
    rang: false,
  };
  const number = `+49305${1000 + calls++}`;
  store.report({ trunk: 'a', hunt, number, outcome: { kind: 'failed', failure } });
}

export function answer(store: HealthStore, hunt = 'other'): void {
  store.report({ trunk: 'a', hunt, number: '200', outcome: { kind: 'answered' } });
}

export function times(count: number, act: () => void): void {
  for (let index = 0; index < count; index++) act();
}

export function logTo(lines: string[]): Logger {
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      lines.push(chunk.toString().trim());
      done();
    },
  });
  const line = format.printf(({ level, message }) => `${level}: ${String(message)}`);
  return createLogger({ format: line, transports: [new transports.Stream({ stream })] });
}
