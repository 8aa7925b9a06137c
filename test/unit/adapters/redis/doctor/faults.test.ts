import { redisFindings } from '../../../../../adapters/redis/doctor/checks';
import type { RedisSeen } from '../../../../../adapters/redis/doctor/seen';
import type { RedisSettings } from '../../../../../src/settings/redis-settings';

const HERE: RedisSettings = {
  servers: [{ host: '127.0.0.1', port: 6379 }],
  db: 0,
  tls: false,
  prefix: 'crankback:',
};
const FAR: RedisSettings = { ...HERE, servers: [{ host: '192.0.2.7', port: 6379 }] };

it.each<readonly [readonly string[], string, RedisSeen]>([
  [[], 'nothing', { settings: HERE, clockMs: 2, maxmemoryPolicy: 'noeviction' }],
  [['CB5001'], 'nobody there', { settings: HERE, refused: 'connect ECONNREFUSED' }],
  [['CB5002'], 'a password', { settings: HERE, refused: 'NOAUTH Authentication required.' }],
  [['CB5002'], 'another password', { settings: HERE, refused: 'WRONGPASS invalid username' }],
  [['CB5003'], 'a replica', { settings: HERE, notWritable: 'READONLY You can’t write' }],
  [['CB5007'], 'eviction', { settings: HERE, maxmemoryPolicy: 'allkeys-lru' }],
  [['CB9002'], 'another clock', { settings: HERE, clockMs: -5_000 }],
  [['CB5008'], 'no TLS', { settings: { ...FAR, password: 'secret' } }],
  [['CB5009'], 'no password', { settings: { ...FAR, tls: true } }],
])('finds %p: %s', (findings, _fault, seen) => {
  expect(redisFindings(seen).map(({ finding }) => finding)).toEqual(findings);
});
