import { findings } from '../finding';

/** Redis, by which instances share trunk health and calls. Calls never wait for it. */
export const REDIS = findings({
  CB5001: {
    severity: 'warning',
    title: 'Redis cannot be reached',
    means: 'Each instance has trunk health of its own; calls are decided as before.',
    seen: '`/ready` (warnings), `crankback_redis_reachable` 0, `crankback doctor`.',
    mend: 'Start Redis, or correct `CRANKBACK_REDIS_URL`.',
  },
  CB5002: {
    severity: 'warning',
    title: 'Redis refuses user or password',
    means: 'As CB5001.',
    seen: '`crankback doctor`; in `/ready` as the reason of CB5001.',
    mend: 'Correct `CRANKBACK_REDIS_USER` and `CRANKBACK_REDIS_PASSWORD_FILE`, as in `requirepass` or the ACL of Redis.',
  },
  CB5003: {
    severity: 'warning',
    title: 'Redis takes no writes',
    means: 'It is a replica, its disk or its memory is full: trunk health is each instance’s own.',
    seen: '`/ready` (warnings), `crankback_redis_writable` 0, `crankback doctor`.',
    mend: 'Point `CRANKBACK_REDIS_URL` at the master (or at Sentinels), or mend what Redis says.',
  },
  CB5004: {
    severity: 'warning',
    title: 'a value in Redis is not crankback’s',
    means:
      'It is dropped. Another program uses the same keys, or somebody writes to Redis who should not.',
    seen: 'Log, `crankback_redis_bad_values_total`.',
    mend: 'Give crankback a prefix of its own: `CRANKBACK_REDIS_PREFIX=…`, and a user of its own in the ACL.',
  },
  CB5005: {
    severity: 'warning',
    title: 'Redis refuses to tell of changes',
    means: 'Changes of trunk health reach other instances within a second instead of at once.',
    seen: 'Log.',
    mend: 'Allow the channel in the ACL: `&crankback:*`.',
  },
  CB5006: {
    severity: 'warning',
    title: 'the instances of the fleet do not hear of each other’s calls',
    means: '`crankback calls` shows the calls of this instance alone.',
    seen: '`/ready` (warnings), log `fleet`.',
    mend: 'As for CB5001 and CB5003.',
  },
  CB5007: {
    severity: 'warning',
    title: 'Redis may delete crankback’s keys to make room',
    means: 'With `maxmemory-policy` allkeys-… a hold may vanish while a carrier is still sick.',
    seen: '`crankback doctor`.',
    mend: '`maxmemory-policy noeviction` or `volatile-ttl` in redis.conf.',
  },
  CB5008: {
    severity: 'warning',
    title: 'the way to Redis is not encrypted',
    means: 'Whoever is on the way can read numbers (fleet) and change trunk health.',
    seen: '`crankback doctor`, where Redis is on another machine.',
    mend: '`CRANKBACK_REDIS_URL=rediss://…`, and `tls-port` in redis.conf.',
  },
  CB5009: {
    severity: 'warning',
    title: 'Redis asks for no password, and is open to others',
    means: 'Anybody who reaches it can hold trunks.',
    seen: '`crankback doctor`, where Redis is on another machine and no password is set.',
    mend: '`requirepass` in redis.conf, and `CRANKBACK_REDIS_PASSWORD_FILE`.',
  },
  CB5010: {
    severity: 'warning',
    title: 'limits are not shared with the other instances',
    means:
      'Each instance keeps the share of `concurrent_calls` and `calls_per_second` that it has; one that never had any uses the whole limit.',
    seen: '`/ready` (warnings), log, `crankback_redis_failures_total{command="shares"}`.',
    mend: 'As for CB5001 and CB5003.',
  },
});
