import { Crowd } from '../../../../adapters/redis/crowd';
import { clusterOptions, commandOptions, redisOptions } from '../../../../adapters/redis/options';
import { loadScripts } from '../../../../adapters/redis/scripts';
import { parseRedisUrl } from '../../../../src/settings/redis-settings';

function optionsFor(url: string, more = {}) {
  const parsed = parseRedisUrl(url);
  if (!parsed) throw new Error(url);
  return redisOptions({ ...parsed, prefix: 'crankback:', ...more }, 'crankback');
}

describe('the options of ioredis', () => {
  it('never are RESP3, never repeat a command', () => {
    expect(optionsFor('redis://r')).toMatchObject({
      host: 'r',
      port: 6379,
      db: 0,
      protocol: 2,
      autoResendUnfulfilledCommands: false,
    });
    expect(optionsFor('redis://r')).not.toHaveProperty('tls');
  });

  it('encrypt both ways with Sentinel', () => {
    const options = optionsFor('rediss+sentinel://s1,s2:7/main/3', { sentinelPassword: 'x' });
    expect(options).toMatchObject({
      sentinels: [
        { host: 's1', port: 26379 },
        { host: 's2', port: 7 },
      ],
      name: 'main',
      db: 3,
      tls: {},
      enableTLSForSentinelMode: true,
      sentinelPassword: 'x',
    });
    expect(options).not.toHaveProperty('host');
  });

  it('let instances come back spread over six tenths of a second, not all at once', () => {
    const { retryStrategy, sentinelRetryStrategy } = optionsFor('redis+sentinel://s/main');
    for (const wait of [retryStrategy, sentinelRetryStrategy]) {
      const waits = Array.from({ length: 10_000 }, () => Number(wait?.(1)));
      const tenths = Array.from(
        { length: 6 },
        (_, tenth) => waits.filter((ms) => Math.floor((ms - 200) / 100) === tenth).length,
      );
      expect(tenths.reduce((sum, count) => sum + count, 0)).toBe(10_000);
      // A sixth each; the spread of chance is 37.
      for (const count of tenths) expect(Math.abs(count - 10_000 / 6)).toBeLessThan(300);
    }
  });

  it('wait for nothing where commands go', () => {
    const parsed = parseRedisUrl('redis://r');
    expect(commandOptions({ ...parsed!, prefix: '' })).toMatchObject({
      enableOfflineQueue: false,
      commandTimeout: 1000,
    });
  });

  it('of a Cluster never repeat and never queue, and spread whoever comes back', () => {
    const parsed = parseRedisUrl('rediss+cluster://r');
    const crowd = new Crowd(() => 1);
    crowd.note(5_000);
    const options = clusterOptions({ ...parsed!, prefix: '' }, 'crankback', crowd);
    expect(options).toMatchObject({
      ...{ enableOfflineQueue: false, retryDelayOnFailover: 0, retryDelayOnClusterDown: 0 },
      redisOptions: { tls: {}, commandTimeout: 1000, autoResendUnfulfilledCommands: false },
    });
    expect(options.clusterRetryStrategy()).toBe(5_200);
  });

  it('know every script with the number of its keys', () => {
    const scripts = loadScripts();
    expect(
      Object.fromEntries(
        Object.entries(scripts).map(([name, { numberOfKeys }]) => [name, numberOfKeys]),
      ),
    ).toEqual({
      ...{ addCounts: 2, addItems: 1, askShare: 4, fleetPulse: 3, lease: 2, putState: 4 },
      ...{ readItems: 1, readState: 1 },
    });
    for (const { lua, numberOfKeys } of Object.values(scripts)) {
      const used = [...lua.matchAll(/KEYS\[(\d)\]/g)].map(([, key]) => Number(key));
      expect(Math.max(...used)).toBe(numberOfKeys);
    }
  });
});
