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
