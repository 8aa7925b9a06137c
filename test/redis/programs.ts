import type { RedisProgram } from '../../lab/provision/redis-server';

export const PROGRAMS_VARIABLE = 'CRANKBACK_LAB_REDIS_PROGRAMS';

/** The servers that global-setup.ts has found or installed. */
export function redisPrograms(): readonly RedisProgram[] {
  return JSON.parse(process.env[PROGRAMS_VARIABLE] ?? '[]') as RedisProgram[];
}

/** Valkey stands in for nothing here: faults are those of Redis itself. */
export function redisProgram(): RedisProgram {
  const redis = redisPrograms().find(({ name }) => name === 'redis');
  if (!redis) throw new Error('no redis-server: global-setup.ts has not run');
  return redis;
}
