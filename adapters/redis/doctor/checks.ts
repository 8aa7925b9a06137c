import type { Found } from '../../../src/doctor/found';
import { isLoopback } from '../../../src/settings/loopback';
import type { RedisSeen } from './seen';

/** Less is the way there and back. Milliseconds. */
const MOST_APART = 1_000;

/** What is wrong with the Redis that instances share. */
export function redisFindings(seen: RedisSeen): readonly Found[] {
  const { settings, refused, notWritable, maxmemoryPolicy, clockMs } = seen;
  const { host, port } = settings.servers[0];
  const isFar = !isLoopback(host);
  const open: Found[] = [];
  if (isFar && !settings.tls)
    open.push({
      finding: 'CB5008',
      what: `the way to ${host}:${port} is not encrypted`,
      change: 'CRANKBACK_REDIS_URL=rediss://…',
    });
  if (isFar && settings.password === undefined && refused === undefined)
    open.push({ finding: 'CB5009', what: `${host}:${port} lets everybody in, without a password` });
  if (refused !== undefined) {
    const isPassword = /NOAUTH|WRONGPASS|invalid password|NOPERM|without any password/i.test(
      refused,
    );
    return [
      { finding: isPassword ? 'CB5002' : 'CB5001', what: `${host}:${port}: ${refused}` },
      ...open,
    ];
  }
  return [
    ...(notWritable === undefined
      ? []
      : [{ finding: 'CB5003' as const, what: `${host}:${port} takes no writes: ${notWritable}` }]),
    ...(maxmemoryPolicy?.startsWith('allkeys-')
      ? [
          {
            finding: 'CB5007' as const,
            what: `maxmemory-policy is ${maxmemoryPolicy}`,
            change: 'redis.conf: maxmemory-policy noeviction',
          },
        ]
      : []),
    ...(clockMs !== undefined && Math.abs(clockMs) > MOST_APART
      ? [
          {
            finding: 'CB9002' as const,
            what: `the clock of ${host} is ${Math.round(clockMs / 100) / 10} s from this machine’s`,
          },
        ]
      : []),
    ...open,
  ];
}
