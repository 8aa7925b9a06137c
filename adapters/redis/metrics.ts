import { Counter, Gauge, type Registry } from 'prom-client';

export interface RedisMetrics {
  readonly reachable: Gauge;
  readonly failures: Counter<'command'>;
}

/** Registers the metrics of the Redis through which trunk health is shared. */
export function createRedisMetrics(registry: Registry): RedisMetrics {
  const registers = [registry];
  return {
    reachable: new Gauge({
      name: 'crankback_redis_reachable',
      help: '1 while trunk health is shared through Redis; 0: this instance is on its own',
      registers,
    }),
    failures: new Counter({
      name: 'crankback_redis_failures_total',
      help: 'Commands to Redis that failed or were not answered in time',
      labelNames: ['command'],
      registers,
    }),
  };
}
