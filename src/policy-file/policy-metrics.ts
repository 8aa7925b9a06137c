import { Counter, Gauge, type Registry } from 'prom-client';

export interface PolicyMetrics {
  readonly reloads: Counter<'result'>;
  readonly inOrder: Gauge;
  readonly info: Gauge<'hash'>;
}

/** Registers the policy file's metrics. */
export function createPolicyMetrics(registry: Registry): PolicyMetrics {
  const registers = [registry];
  return {
    reloads: new Counter({
      name: 'crankback_policy_reloads_total',
      help: 'Changes of the policy file by result: loaded or refused',
      labelNames: ['result'],
      registers,
    }),
    inOrder: new Gauge({
      name: 'crankback_policy_file_in_order',
      help: '0 while the policy file is broken and the last good policy stays in force',
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
