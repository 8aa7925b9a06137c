import { parseRedisUrl } from '../../../src/settings/redis-settings';

describe('the URL of a Redis', () => {
  it.each([
    ['redis://10.0.0.1', { servers: [{ host: '10.0.0.1', port: 6379 }], db: 0, tls: false }],
    ['redis://r:6380/2', { servers: [{ host: 'r', port: 6380 }], db: 2, tls: false }],
    ['rediss://[::1]:6380/', { servers: [{ host: '::1', port: 6380 }], db: 0, tls: true }],
    [
      'redis+sentinel://a,b:26380/main',
      {
        servers: [
          { host: 'a', port: 26379 },
          { host: 'b', port: 26380 },
        ],
        sentinelName: 'main',
        db: 0,
        tls: false,
      },
    ],
    [
      'rediss+cluster://a:7000,[::1]',
      {
        servers: [
          { host: 'a', port: 7000 },
          { host: '::1', port: 6379 },
        ],
        isCluster: true,
        db: 0,
        tls: true,
      },
    ],
  ])('%s', (url, expected) => {
    expect(parseRedisUrl(url)).toEqual(expected);
  });

  it.each([
    'redis://',
    'http://r',
    'redis://user:secret@r',
    'redis://a,b',
    'redis://r/x',
    'redis://r/1/2',
    'redis://r:0',
    'redis://r:70000',
    'redis://r?db=1',
    'redis+sentinel://a',
    'redis+sentinel://a,,b/main',
    'redis+sentinel://a/main/x',
    ' redis://r',
    'redis+cluster://a,b/1',
    'redis+cluster://a/main',
    'redis+other://a',
  ])('%s is none', (url) => {
    expect(parseRedisUrl(url)).toBeUndefined();
  });
});
