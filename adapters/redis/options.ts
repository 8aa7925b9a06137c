import type { RedisOptions } from 'ioredis';
import type { RedisSettings } from '../../src/settings/redis-settings';
import { loadScripts } from './scripts';

/** A slower command counts as lost; only the next pulse waits for it. */
export const COMMAND_TIMEOUT_MS = 1_000;
/** A server that sends nothing for this long is given up, and every open request fails. */
const SILENCE_MS = 5_000;
/** Short, because every instance has to be back within two seconds of Redis. */
const RECONNECT_MS = { shortest: 200, longest: 800 };

/** Options of ioredis's constructor under exact optional property types. */
type Options = RedisOptions & { readonly replyMapping: 'legacy' };

/** Connection options for ioredis; `name` appears in Redis's CLIENT LIST. */
export function redisOptions(settings: RedisSettings, name: string): Options {
  const { servers, sentinelName, db, tls, user, password, sentinelPassword } = settings;
  const [first] = servers;
  const reconnect = () =>
    RECONNECT_MS.shortest + Math.random() * (RECONNECT_MS.longest - RECONNECT_MS.shortest);
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
export function commandOptions(settings: RedisSettings, name = 'crankback'): Options {
  return {
    ...redisOptions(settings, name),
    scripts: loadScripts(),
    enableOfflineQueue: false,
    commandTimeout: COMMAND_TIMEOUT_MS,
    socketTimeout: SILENCE_MS,
  };
}
