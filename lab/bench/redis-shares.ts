/**
 * Measures the load that instances with shared limits put on one Redis.
 *   npm run build && node dist/lab/bench/redis-shares.js
 */
import { Redis } from 'ioredis';
import { setTimeout as pause } from 'node:timers/promises';
import { Registry } from 'prom-client';
import { createLogger } from 'winston';
import { BadValues } from '../../adapters/redis/bad-values';
import { createRedisMetrics } from '../../adapters/redis/metrics';
import { SharedLimits } from '../../adapters/redis/shared-limits';
import { policyFromText } from '../../src/policy-file/policy-file';
import type { Trunk } from '../../src/policy/policy-data';
import { provideRedisServers } from '../provision/redis-server';
import { RedisServer } from '../redis/server';

const INSTANCES = [10, 100, 500, 1_000];
const TRUNKS = 4;
const SETTLING_MS = 15_000;
const MEASURED_MS = 8_000;
/** Calls that an instance has at once on a busy trunk are drawn anew so often: what it needs moves. Milliseconds. */
const MOVING_MS = 500;

const log = createLogger({ silent: true });

/** All in this process: what is measured is Redis. */
async function main(): Promise<void> {
  const [program] = await provideRedisServers();
  if (!program) throw new Error('no redis-server');
  console.log(`${TRUNKS} trunks with concurrent_calls; per instance and second:`);
  console.log('instances  calls  commands  bytes to Redis  bytes from Redis  Redis CPU of a core');
  for (const count of INSTANCES) {
    const server = await RedisServer.start(program);
    const probe = new Redis({ port: server.port, host: '127.0.0.1', protocol: 2 });
    const trunks = limited(count * 5);
    const inUse = new Map<string, number>();
    const fleet = Array.from({ length: count }, (_, index) => instance(server.port, index));
    try {
      for (const [index, one] of fleet.entries()) {
        one.configure(trunks);
        one.start({ use: (trunk) => inUse.get(`${index} ${trunk}`) ?? 0 });
      }
      await pause(SETTLING_MS);
      await measured('idle', probe, count);
      const moving = setInterval(() => {
        for (const index of fleet.keys())
          for (const { name } of trunks)
            inUse.set(`${index} ${name}`, Math.floor(Math.random() * 10));
      }, MOVING_MS);
      await pause(SETTLING_MS);
      await measured('busy', probe, count);
      clearInterval(moving);
    } finally {
      await Promise.all(fleet.map((one) => one.stop()));
      probe.disconnect();
      await server.kill();
    }
  }
}

/** @param calls limit of each trunk, for all instances together */
function limited(calls: number): readonly Trunk[] {
  const names = Array.from({ length: TRUNKS }, (_, index) => `carrier-${index}`);
  const lines = names.map(
    (name) =>
      `  ${name}: { dial: { asterisk: "PJSIP/{number}@${name}" }, limits: { concurrent_calls: ${calls} } }`,
  );
  const text = `version: 1\nemergency: []\ntrunks:\n${lines.join('\n')}\nroutes: [{ digits: "*", trunks: [${names.join(', ')}] }]\n`;
  const loaded = policyFromText(text, 'bench.yaml');
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return [...loaded.policy.trunks.values()];
}

function instance(port: number, index: number): SharedLimits {
  const metrics = createRedisMetrics(new Registry());
  const now = (): number => performance.timeOrigin + performance.now();
  return new SharedLimits({
    settings: { servers: [{ host: '127.0.0.1', port }], db: 0, tls: false, prefix: 'bench:' },
    ...{ log, metrics, instance: `bench-${index}`, now, random: Math.random },
    bad: new BadValues({ log, metrics, now }),
  });
}

async function measured(what: string, probe: Redis, count: number): Promise<void> {
  const before = await usage(probe);
  const since = performance.now();
  await pause(MEASURED_MS);
  const after = await usage(probe);
  const seconds = (performance.now() - since) / 1_000;
  const per = (of: keyof typeof before): number => (after[of] - before[of]) / seconds;
  const cells = [
    String(count).padStart(9),
    what.padStart(5),
    (per('commands') / count).toFixed(2).padStart(8),
    (per('input') / count).toFixed(0).padStart(14),
    (per('output') / count).toFixed(0).padStart(16),
    `${(per('cpu') * 100).toFixed(1)}%`.padStart(19),
  ];
  console.log(cells.join('  '));
}

async function usage(probe: Redis) {
  const info = await probe.info('everything');
  const number = (pattern: string): number =>
    Number(new RegExp(`^${pattern}`, 'm').exec(info)?.[1] ?? 0);
  return {
    commands: number('cmdstat_evalsha:calls=(\\d+)') + number('cmdstat_eval:calls=(\\d+)'),
    input: number('total_net_input_bytes:(\\d+)'),
    output: number('total_net_output_bytes:(\\d+)'),
    cpu: number('used_cpu_sys:([\\d.]+)') + number('used_cpu_user:([\\d.]+)'),
  };
}

void main();
