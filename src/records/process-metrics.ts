import { collectDefaultMetrics, type Registry } from 'prom-client';

/** Gauges with the suffix of counters; `nodejs_active_resources` and the like say the same by type. */
const MISNAMED = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
];

/** Registers what prom-client tells of the process: memory, processor time, garbage collection, event loop. */
export function collectProcessMetrics(registry: Registry): void {
  collectDefaultMetrics({ register: registry });
  for (const name of MISNAMED) registry.removeSingleMetric(name);
}
