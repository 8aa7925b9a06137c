import { Counter, Gauge, Registry } from 'prom-client';
import { showCallsInUse, showHealth } from '../../../src/app/trunk-health';
import { metricsText } from '../../../src/http/metrics';
import type { Policy } from '../../../src/policy/policy';
import { createCallMetrics } from '../../../src/records/call-metrics';

const TRUNKS = Array.from({ length: 1_000 }, (_, index) => `carrier-${index}`);
/** So many lines are written in less than a millisecond. */
const MOST_LINES = 130;

/** The metrics of a service with these trunks, each of which had a call. */
function metricsOf(trunks: readonly string[]): Registry {
  const registry = new Registry();
  const metrics = createCallMetrics(registry);
  for (const trunk of trunks) {
    metrics.attempts.inc({ pbx: 'asterisk', trunk, class: 'answered' });
    metrics.postDialDelaySeconds.observe({ pbx: 'asterisk', trunk }, 1.5);
  }
  const named = new Map(trunks.map((name) => [name, { name }]));
  const policy = () => ({ trunks: named }) as unknown as Pick<Policy, 'trunks'>;
  showHealth(registry, policy, {
    read: (trunk) => ({ trunk, phase: 'held', access: 'held', trips: 1 }),
  });
  showCallsInUse(registry, policy, {
    inUseOn: () => 3,
    limitsOf: ({ name }) =>
      name.endsWith('7') ? [{ counts: 'concurrent_calls', inUse: 3, limit: 30 }] : [],
  });
  new Counter({ name: 'odd_total', help: 'Odd\n\\', labelNames: ['x'], registers: [registry] }).inc(
    {
      x: 'a"\n\\b',
    },
  );
  const odd = new Gauge({ name: 'odd', help: 'Odd', labelNames: ['x'], registers: [registry] });
  for (const value of [0.1, 1e21, -Infinity, Infinity, NaN]) odd.set({ x: String(value) }, value);
  return registry;
}

const slicesOf = async (registry: Registry) => {
  const slices: string[] = [];
  for await (const slice of metricsText(registry)) slices.push(slice);
  return slices;
};

it.each([[[]], [['carrier-a']], [TRUNKS]])(
  'is what prom-client writes of it',
  async (trunks: readonly string[]) => {
    const registry = metricsOf(trunks);
    expect((await slicesOf(registry)).join('')).toBe(await registry.metrics());
  },
);

it('forgets its values like the metrics of prom-client', async () => {
  const registry = metricsOf(['carrier-a']);
  const values = async () =>
    (await registry.metrics()).split('\n').filter((line) => line.startsWith('crankback_attempts'));
  expect(await values()).toHaveLength(1);
  registry.resetMetrics();
  expect(await values()).toEqual([]);
});

it('has no slice that keeps a call waiting, however many trunks there are', async () => {
  const lines = (await slicesOf(metricsOf(TRUNKS))).map((slice) => slice.split('\n').length);
  expect(lines.length).toBeGreaterThan(100);
  expect(Math.max(...lines)).toBeLessThan(MOST_LINES);
});

it('takes one slice in a turn of the loop, however many ask', async () => {
  const registry = metricsOf(TRUNKS);
  let ends = false;
  let turns = 0;
  const count = () => {
    turns += 1;
    if (!ends) setImmediate(count);
  };
  setImmediate(count);
  const slices = await Promise.all([slicesOf(registry), slicesOf(registry), slicesOf(registry)]);
  ends = true;
  expect(turns).toBeGreaterThanOrEqual(slices.flat().length - slices.length);
});
