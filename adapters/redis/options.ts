import type { RedisOptions } from 'ioredis';
import type { RedisSettings } from '../../src/settings/redis-settings';
import { Crowd } from './crowd';
import { loadScripts } from './scripts';

/** A slower command counts as lost; only the next pulse waits for it. */
export const COMMAND_TIMEOUT_MS = 1_000;
/** A server that sends nothing for this long is given up, and every open request fails. */
const SILENCE_MS = 5_000;

/** Options of ioredis's constructor under exact optional property types. */
type Options = RedisOptions & { readonly replyMapping: 'legacy' };

/**
 * Connection options for ioredis; `name` appears in Redis's CLIENT LIST.
 * @param crowd says how long to wait before the next attempt to connect
 */
export function redisOptions(settings: RedisSettings, name: string, crowd = new Crowd()): Options {
  const { servers, sentinelName, db, tls, user, password, sentinelPassword } = settings;
  const [first] = servers;
  const reconnect = () => crowd.wait();
  return {
    ...(sentinelName === undefined
      ? { host: first.host, port: first.port }
      : {
          sentinels: servers.map(({ host, port }) => ({ host, port })),
          name: sentinelName,
          sentinelRetryStrategy: reconnect,
          ...(sentinelPassword !== undefined && { sentinelPassword }),
          ...(tls && { enableTLSForSentinelMode: true, sentinelTLS: {} }),
        }),
    ...(tls && { tls: {} }),
    ...(user !== undefined && { username: user }),
    ...(password !== undefined && { password }),
    db,
    connectionName: name,
    // Under RESP3, ioredis allows commands on a subscribed connection, which older servers refuse.
    protocol: 2,
    replyMapping: 'legacy',
    lazyConnect: true,
    connectTimeout: 2_000,
    // Otherwise our end waits two seconds for a connection that is long gone.
    disconnectTimeout: 200,
    retryStrategy: reconnect,
    // An unanswered command is never repeated: Redis may have executed it.
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
  };
}

/** Options of a connection for commands. */
export function commandOptions(
  settings: RedisSettings,
  name = 'crankback',
  crowd = new Crowd(),
): Options {
  return {
    ...redisOptions(settings, name, crowd),
    scripts: loadScripts(),
    enableOfflineQueue: false,
    commandTimeout: COMMAND_TIMEOUT_MS,
    socketTimeout: SILENCE_MS,
  };
}
