import { Registry } from 'prom-client';
import type { Logger } from 'winston';
import { BadValues } from '../../../../adapters/redis/bad-values';
import { createRedisMetrics } from '../../../../adapters/redis/metrics';

function badValues() {
  const lines: unknown[] = [];
  const registry = new Registry();
  let now = 0;
  const log = { warn: (_message: string, fields: unknown) => lines.push(fields) };
  const bad = new BadValues({
    log: log as unknown as Logger,
    metrics: createRedisMetrics(registry),
    now: () => now,
  });
  return { bad, lines, registry, wait: (ms: number) => void (now += ms) };
}

describe('values in Redis that are not ours', () => {
  it('are all counted, and said once a minute of each kind, with the number of those before', async () => {
    const { bad, lines, registry, wait } = badValues();
    for (let time = 0; time < 100; time++) bad.note('state', 'not a state', 'carrier-a');
    bad.note('message', 'too long');
    wait(60_000);
    bad.note('state', 'not a state', 'carrier-a');
    expect(lines).toEqual([
      { finding: 'CB5004', what: 'state', trunk: 'carrier-a', why: 'not a state' },
      { finding: 'CB5004', what: 'message', why: 'too long' },
      { finding: 'CB5004', what: 'state', trunk: 'carrier-a', why: 'not a state', before: 99 },
    ]);
    const text = await registry.metrics();
    expect(text).toContain('crankback_redis_bad_values_total{what="state"} 101');
    expect(text).toContain('crankback_redis_bad_values_total{what="message"} 1');
  });

  it('are quoted in short', () => {
    const { bad, lines } = badValues();
    bad.note('message', 'x'.repeat(10_000));
    expect(JSON.stringify(lines).length).toBeLessThan(300);
  });
});
