import { Counter, Gauge, type Registry } from 'prom-client';

export interface RedisMetrics {
  readonly reachable: Gauge;
  readonly writable: Gauge;
  readonly failures: Counter<'command'>;
  readonly badValues: Counter<'what'>;
}

export interface FleetMetrics {
  readonly entries: Counter<'what'>;
}

/** Registers the metrics of the stream through which instances tell each other of calls. */
export function createFleetMetrics(registry: Registry): FleetMetrics {
  return {
    entries: new Counter({
      name: 'crankback_fleet_entries_total',
      help: 'Journal entries: told to the other instances, dropped because Redis did not take them, taken from others, missing of others',
      labelNames: ['what'],
      registers: [registry],
    }),
  };
}

/** Registers the metrics of the Redis through which trunk health is shared. */
export function createRedisMetrics(registry: Registry): RedisMetrics {
  const known = created.get(registry) ?? newRedisMetrics(registry);
  created.set(registry, known);
  return known;
}

/** Trunk health and the stream of calls count in the same ones. */
const created = new WeakMap<Registry, RedisMetrics>();

function newRedisMetrics(registry: Registry): RedisMetrics {
  const registers = [registry];
  return {
    reachable: new Gauge({
      name: 'crankback_redis_reachable',
      help: '1 while Redis answers; 0: this instance is on its own',
      registers,
    }),
    writable: new Gauge({
      name: 'crankback_redis_writable',
      help: '1 while Redis takes what this instance writes; 0: this instance is on its own',
      registers,
    }),
    failures: new Counter({
      name: 'crankback_redis_failures_total',
      help: 'Commands to Redis that failed or were not answered in time',
      labelNames: ['command'],
      registers,
    }),
    badValues: new Counter({
      name: 'crankback_redis_bad_values_total',
      help: 'Values and messages in Redis that no crankback writes: dropped, and replaced where they stood',
      labelNames: ['what'],
      registers,
    }),
  };
}
