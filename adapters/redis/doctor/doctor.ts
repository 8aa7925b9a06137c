import type { Found } from '../../../src/doctor/found';
import type { RedisSettings } from '../../../src/settings/redis-settings';
import { onceConnected } from '../connect';
import { COMMAND_TIMEOUT_MS } from '../options';
import { redisFindings } from './checks';
import type { RedisSeen } from './seen';

/** Looks at Redis: connects, writes a key that ends by itself, asks for memory policy and time. Never rejects. */
export async function examineRedis(settings: RedisSettings): Promise<readonly Found[]> {
  return redisFindings(await redisSeen(settings));
}

async function redisSeen(settings: RedisSettings): Promise<RedisSeen> {
  const redis = onceConnected(settings, 'crankback-doctor');
  let why: string | undefined;
  redis.on('error', (error: Error) => (why ??= error.message));
  try {
    await redis.connect();
    await redis.ping();
    const before = Date.now();
    const [seconds, micros] = await redis.time();
    const clockMs = Number(seconds) * 1_000 + Number(micros) / 1_000 - (before + Date.now()) / 2;
    const key = `${settings.prefix}doctor`;
    const notWritable = await redis.set(key, '1', 'PX', COMMAND_TIMEOUT_MS).then(
      () => undefined,
      (error: unknown) => textOf(error),
    );
    // Whoever may not ask for it is told nothing of it.
    const policy = await redis.config('GET', 'maxmemory-policy').then(
      (answer) => (answer as readonly string[])[1],
      () => undefined,
    );
    return {
      settings,
      clockMs,
      ...(notWritable !== undefined && { notWritable }),
      ...(policy !== undefined && { maxmemoryPolicy: policy }),
    };
  } catch (error) {
    return { settings, refused: why ?? textOf(error) };
  } finally {
    redis.disconnect();
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
