export interface RedisServer {
  readonly host: string;
  readonly port: number;
}

/** The Redis through which instances share trunk health. */
export interface RedisSettings {
  /** The server, the Sentinels that know it, or nodes of a Cluster. */
  readonly servers: readonly [RedisServer, ...RedisServer[]];
  /** Name of the master that the Sentinels watch; absent without Sentinel. */
  readonly sentinelName?: string;
  /** The servers are nodes of a Redis Cluster. */
  readonly isCluster?: boolean;
  readonly db: number;
  readonly tls: boolean;
  readonly user?: string;
  readonly password?: string;
  readonly sentinelPassword?: string;
  /** Beginning of every key and channel. */
  readonly prefix: string;
}

const EXPECTED_PORT = { redis: 6379, sentinel: 26379 };

/**
 * Parses a URL of the form `redis://host[:port][/db]`, `rediss://…` (TLS),
 * `redis+sentinel://host[:port][,host[:port]…]/name[/db]`, `redis+cluster://host[:port][,host[:port]…]`, or the
 * latter two with `rediss`.
 * @returns undefined for any other text, in particular one with a user or password
 */
export function parseRedisUrl(
  text: string,
): Pick<RedisSettings, 'servers' | 'sentinelName' | 'isCluster' | 'db' | 'tls'> | undefined {
  const match = /^redis(s?)(\+(?:sentinel|cluster))?:\/\/([^/?#@\s]+)((?:\/[^/?#@\s]+)*)\/?$/.exec(
    text,
  );
  if (!match) return undefined;
  const [, secure, kind, authority = '', path = ''] = match;
  const [sentinel, isCluster] = [kind === '+sentinel', kind === '+cluster'];
  const port = sentinel ? EXPECTED_PORT.sentinel : EXPECTED_PORT.redis;
  const servers = authority.split(',').map((server) => parseServer(server, port));
  const [first, ...others] = servers;
  if (!first || (!kind && others.length > 0)) return undefined;
  if (!others.every((server) => server !== undefined)) return undefined;
  const words = path.split('/').slice(1);
  const name = sentinel ? words.shift() : undefined;
  const db = words.shift() ?? '0';
  // A Cluster has only one database.
  if (isCluster && db !== '0') return undefined;
  if (words.length > 0 || !/^\d{1,5}$/.test(db) || (sentinel && name === undefined))
    return undefined;
  return {
    servers: [first, ...others],
    ...(name !== undefined && { sentinelName: name }),
    ...(isCluster && { isCluster }),
    db: Number(db),
    tls: secure === 's',
  };
}

/** `host`, `host:port`, `[::1]:port`. */
function parseServer(text: string, defaultPort: number): RedisServer | undefined {
  const match = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::(\d{1,5}))?$/i.exec(text);
  if (!match) return undefined;
  const port = match[3] === undefined ? defaultPort : Number(match[3]);
  const host = match[1] ?? match[2];
  return host !== undefined && port > 0 && port <= 65_535 ? { host, port } : undefined;
}
