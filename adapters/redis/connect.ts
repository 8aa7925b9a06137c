import { Cluster, Redis } from 'ioredis';
import type { RedisSettings } from '../../src/settings/redis-settings';
import type { Crowd } from './crowd';
import { clusterOptions, commandOptions, redisOptions } from './options';
import type { ScriptedRedis } from './scripts';

/** A connection for commands: to one Redis, or to each master of a Cluster that is asked for something. */
export function commandConnection(
  settings: RedisSettings,
  name?: string,
  crowd?: Crowd,
): ScriptedRedis {
  if (settings.isCluster !== true)
    return new Redis(commandOptions(settings, name, crowd)) as unknown as ScriptedRedis;
  return new Cluster(
    [...settings.servers],
    clusterOptions(settings, name, crowd),
  ) as unknown as ScriptedRedis;
}

/** The same for one look; it does not come back where it is lost. */
export function onceConnected(settings: RedisSettings, name: string): ScriptedRedis {
  if (settings.isCluster === true) {
    const options = { ...clusterOptions(settings, name), clusterRetryStrategy: () => null };
    return new Cluster([...settings.servers], options) as unknown as ScriptedRedis;
  }
  const options = { ...commandOptions(settings, name), retryStrategy: () => null };
  return new Redis(options) as unknown as ScriptedRedis;
}

/**
 * A connection for what is published. In a Cluster every node tells of everything: it is one to the nodes that are
 * named in the settings, in turn, and says itself when it was away.
 */
export function subscribingConnection(settings: RedisSettings, name: string, crowd: Crowd): Redis {
  const { servers } = settings;
  const redis: Redis = new Redis(redisOptions(settings, name, crowd));
  if (settings.isCluster !== true) return redis;
  let turn = 0;
  redis.options.retryStrategy = () => {
    turn = (turn + 1) % servers.length;
    Object.assign(redis.options, servers[turn]);
    return crowd.wait();
  };
  return redis;
}
