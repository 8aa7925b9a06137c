import { Counter, Gauge, type Registry } from 'prom-client';

export interface PolicyMetrics {
  readonly reloads: Counter<'result'>;
  readonly lastLoadSuccessful: Gauge;
  readonly lastSuccessSeconds: Gauge;
  readonly info: Gauge<'hash'>;
}

/** Registers the policy file's metrics. */
export function createPolicyMetrics(registry: Registry): PolicyMetrics {
  const registers = [registry];
  const reloads = new Counter({
    name: 'crankback_policy_reloads_total',
    help: 'Changes of the policy file by result: loaded or refused',
    labelNames: ['result'],
    registers,
  });
  for (const result of ['loaded', 'refused']) reloads.inc({ result }, 0);
  return {
    reloads,
    lastLoadSuccessful: new Gauge({
      name: 'crankback_policy_last_load_successful',
      help: '0 while the policy file is refused and the last good policy stays in force',
      registers,
    }),
    lastSuccessSeconds: new Gauge({
      name: 'crankback_policy_last_load_success_timestamp_seconds',
      help: 'When the policy file was last read and found in order: Unix time',
      registers,
    }),
    info: new Gauge({
      name: 'crankback_policy_info',
      help: '1 for the hash of the policy in force',
      labelNames: ['hash'],
      registers,
    }),
  };
}
