import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { allMetrics } from '../../../lab/docs/all-metrics';
import { metricsPage } from '../../../lab/docs/metrics-page';
import { dashboardExpressions, metricNames } from '../../doubles/expressions';

const ROOT = join(__dirname, '../../..');
const RULES = readFileSync(join(ROOT, 'docs/prometheus/crankback.rules.yaml'), 'utf8');
const registry = allMetrics();
const known = new Set(registry.getMetricsAsArray().map(({ name }) => name));

/** Every metric that some source file names. */
function namedInSources(): ReadonlyMap<string, string> {
  const files = ['src', 'adapters'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => join(folder, file)),
  );
  return new Map(
    files.flatMap((file) => {
      const text = readFileSync(join(ROOT, file), 'utf8');
      if (!text.includes("'prom-client'")) return [];
      return [...text.matchAll(/'(crankback_[a-z_]+)'/g)].map(([, name = '']) => [name, file]);
    }),
  );
}

it('docs/metrics.md is as it is generated', async () => {
  const page = readFileSync(join(ROOT, 'docs/metrics.md'), 'utf8');
  expect(page).toBe(await metricsPage(registry, RULES));
});

it('no metric of the sources is missing in it, and each is named by the book', async () => {
  const named = namedInSources();
  expect([...named.keys()].sort()).toEqual([...known].sort());
  for (const { name, type, help } of await registry.getMetricsAsJSON()) {
    expect({ name, counts: name.endsWith('_total') }).toEqual({
      name,
      counts: String(type) === 'counter',
    });
    expect(help).not.toBe('');
    expect(name).not.toMatch(/_(ms|millis|milliseconds|minutes|kb|mb|percent)(_|$)/);
  }
});

it('alert rules and dashboard ask for metrics that exist', () => {
  const { groups } = parse(RULES) as { groups: { rules: { expr: string }[] }[] };
  const rules = groups.flatMap(({ rules: list }) => list.map(({ expr }) => expr));
  const dashboard = dashboardExpressions(ROOT);
  expect(rules.length).toBeGreaterThan(10);
  expect(dashboard.length).toBeGreaterThan(20);
  const asked = [...rules, ...dashboard].flatMap(metricNames);
  expect(asked.filter((name) => !known.has(name))).toEqual([]);
});
