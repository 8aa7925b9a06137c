import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Expressions of the Grafana dashboard, with values for Grafana's variables. */
export function dashboardExpressions(root: string): readonly string[] {
  const text = readFileSync(join(root, 'docs/grafana/crankback.json'), 'utf8');
  const found: string[] = [];
  JSON.parse(text, (key, value: unknown) => {
    if (key === 'expr' && typeof value === 'string') found.push(value);
    // `label_values(metric, label)` is Grafana's own; its first argument is an expression.
    const values = key === 'definition' && /^label_values\(([^,]+),/.exec(String(value));
    if (values) found.push(values[1] ?? '');
    return value;
  });
  return found.map((one) =>
    one.replaceAll('$__rate_interval', '5m').replaceAll(/\$(job|pbx|trunk)\b/g, '.*'),
  );
}

/** Metrics of crankback in an expression, as they are registered. */
export function metricNames(expression: string): readonly string[] {
  const names = expression.match(/crankback_[a-z_]*[a-z]/g) ?? [];
  return names.map((name) => name.replace(/_seconds_(bucket|sum|count)$/, '_seconds'));
}
