import { askCrankback } from '../runner/layout';

const LIMIT = 5000;

/** crankback's metrics as text. */
export async function readMetrics(): Promise<string> {
  const response = await askCrankback('/metrics', 'crankback', {
    signal: AbortSignal.timeout(LIMIT),
  });
  if (!response.ok) throw new Error(`crankback answers GET /metrics with ${response.status}`);
  return response.text();
}

/** The values of a metric over all its labels; 0 if there is none. */
export function sumOf(metrics: string, name: string): number {
  return [...metrics.matchAll(/^(\w+)(?:\{.*\})? (\S+)$/gm)]
    .filter(([, found]) => found === name)
    .reduce((sum, [, , value]) => sum + Number(value), 0);
}

/** The values of a metric by one of its labels. */
export function valuesOf(metrics: string, name: string, label: string): Record<string, number> {
  const found = metrics.matchAll(
    new RegExp(`^${name}\\{.*\\b${label}="(\\w+)".*\\} (\\S+)$`, 'gm'),
  );
  return Object.fromEntries([...found].map(([, kind = '', value]) => [kind, Number(value)]));
}
