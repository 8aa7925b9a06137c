import type { ClusterOptions, RedisOptions } from 'ioredis';
import type { RedisSettings } from '../../src/settings/redis-settings';
import { Crowd } from './crowd';
import { loadScripts } from './scripts';

/** A slower command counts as lost; only the next pulse waits for it. */
export const COMMAND_TIMEOUT_MS = 1_000;
/** A server that sends nothing for this long is given up, and every open request fails. */
const SILENCE_MS = 5_000;
const TIMES = { commandTimeout: COMMAND_TIMEOUT_MS, socketTimeout: SILENCE_MS };
const CONNECT_TIMEOUT_MS = 2_000;
/** Who is the master of what may have changed that often on the way to one answer. */
const MOST_REDIRECTIONS = 3;
/** Slots that have moved are told by whoever is asked for them; this finds what is told by nobody. */
const SLOTS_MS = 60_000;

/** Options of ioredis's constructor under exact optional property types. */
type Options = RedisOptions & { readonly replyMapping: 'legacy' };

/**
 * Connection options for ioredis; `name` appears in Redis's CLIENT LIST.
 * @param crowd says how long to wait before the next attempt to connect
 */
export function redisOptions(settings: RedisSettings, name: string, crowd = new Crowd()): Options {
  const { servers, sentinelName, db, tls, sentinelPassword } = settings;
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
    ...serverOptions(settings, name),
    db,
    lazyConnect: true,
    retryStrategy: reconnect,
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
    ...TIMES,
  };
}

/** Options of a client of a Cluster. It never repeats what a node has perhaps executed, and queues nothing. */
export function clusterOptions(settings: RedisSettings, name = 'crankback', crowd = new Crowd()) {
  return {
    redisOptions: { ...serverOptions(settings, name), ...TIMES },
    scripts: loadScripts(),
    enableOfflineQueue: false,
    lazyConnect: true,
    clusterRetryStrategy: () => crowd.wait(),
    maxRedirections: MOST_REDIRECTIONS,
    ...{ retryDelayOnFailover: 0, retryDelayOnClusterDown: 0, retryDelayOnTryAgain: 0 },
    slotsRefreshInterval: SLOTS_MS,
    slotsRefreshTimeout: CONNECT_TIMEOUT_MS,
    // Certificates have names.
    dnsLookup: (address, done) => done(null, address),
  } satisfies ClusterOptions;
}

/** What holds for every connection, wherever it leads. */
function serverOptions({ tls, user, password }: RedisSettings, name: string) {
  return {
    ...(tls && { tls: {} }),
    ...(user !== undefined && { username: user }),
    ...(password !== undefined && { password }),
    connectionName: name,
    // Under RESP3, ioredis allows commands on a subscribed connection, which older servers refuse.
    protocol: 2 as const,
    replyMapping: 'legacy' as const,
    connectTimeout: CONNECT_TIMEOUT_MS,
    // Otherwise our end waits two seconds for a connection that is long gone.
    disconnectTimeout: 200,
    // An unanswered command is never repeated: Redis may have executed it.
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
  };
}
