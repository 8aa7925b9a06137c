import { Registry } from 'prom-client';
import { createLogger } from 'winston';
import { BadValues } from '../../../../adapters/redis/bad-values';
import { Keys } from '../../../../adapters/redis/keys';
import type { RedisLink } from '../../../../adapters/redis/link';
import { createRedisMetrics } from '../../../../adapters/redis/metrics';
import { SharedStates } from '../../../../adapters/redis/shared-states';
import { DEFAULT_HEALTH } from '../../../../src/policy/health-settings';
import { InstanceHealth } from '../../../../src/trunks/health/instance-health';

describe('a trunk that somebody else writes all the time', () => {
  it('is written ten times until the next pulse, and again with it', async () => {
    let writes = 0;
    const link = {
      isShared: true,
      failed: () => undefined,
      commands: {
        // Refused: somebody was quicker, with less than is known here.
        putState: () => {
          writes += 1;
          // Never without an end, should the limit be gone.
          if (writes > 1000) throw new Error('no limit');
          const reply = [0, `w:${writes}`, '{"generation":0,"trips":0}', '0', '', ''];
          return Promise.resolve(reply);
        },
      },
    } as unknown as RedisLink;
    const now = () => 1_000_000;
    const metrics = createRedisMetrics(new Registry());
    const book = new InstanceHealth({
      trunks: new Map([['a', DEFAULT_HEALTH]]),
      now,
      random: () => 0,
      instance: 'i',
    });
    const bad = new BadValues({ log: createLogger({ silent: true }), metrics, now });
    const keys = new Keys('test:');
    const [newVersion, doubted] = [() => 'i:1', () => undefined];
    const states = new SharedStates({ book, link, keys, bad, now, newVersion, doubted });
    const settled = () => new Promise((resolve) => setImmediate(resolve));

    book.hold('a', { by: 'operator', why: 'w' });
    states.changed('a');
    await settled();
    expect(writes).toBe(10);
    states.changed('a');
    await settled();
    expect(writes).toBe(10);
    states.pulse();
    states.changed('a');
    await settled();
    expect(writes).toBe(20);
  });
});
