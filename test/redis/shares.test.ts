import fc from 'fast-check';
import { Redis } from 'ioredis';
import { Registry } from 'prom-client';
import { BadValues } from '../../adapters/redis/bad-values';
import { Keys } from '../../adapters/redis/keys';
import { createRedisMetrics } from '../../adapters/redis/metrics';
import { commandOptions } from '../../adapters/redis/options';
import type { ScriptedRedis } from '../../adapters/redis/scripts';
import { SharedLimits, type ShareTimes } from '../../adapters/redis/shared-limits';
import { RedisServer } from '../../lab/redis/server';
import type { Trunk, TrunkLimits } from '../../src/policy/policy-data';
import { DEFAULT_HEALTH } from '../../src/policy/health-settings';
import { InProcessTrunks } from '../../src/trunks/limits/trunk-limits';
import { ShareBook } from '../doubles/share-book';
import { pause, until, untilAsync } from '../doubles/until';
import { redisProgram } from './programs';
import { logTo } from './stores';

// `until` says what it waited for; it must come first, also on a busy machine.
jest.setTimeout(30_000);

const TIMES: ShareTimes = { pulse: 60, lease: 1_500, settle: 300, gap: 800, look: 5_000 };

let server: RedisServer;
let running: Instance[] = [];
const clients: Redis[] = [];
let prefixes = 0;

beforeEach(async () => void (server = await RedisServer.start(redisProgram())));
afterEach(async () => {
  server.thaw();
  await Promise.all(running.map(({ limits }) => limits.stop()));
  for (const client of clients.splice(0)) client.disconnect();
  running = [];
  await server.kill();
});

function trunk(limits: TrunkLimits, name = 'a'): Trunk {
  const at = { file: 'p', line: 1, column: 1 };
  const times = { firstResponse: 1, ringTimeout: 1 };
  const dial = { asterisk: 'PJSIP/{number}@a' };
  return { name, at, dial, ...times, limits, health: DEFAULT_HEALTH, rules: [] };
}

interface Instance {
  readonly limits: SharedLimits;
  readonly trunks: InProcessTrunks;
  readonly lines: string[];
  /** Calls begun, as many as there may be. */
  callAll(): number;
  /** When each call has begun. */
  readonly begun: readonly number[];
  /** How a call is refused. */
  why(): string | undefined;
  hangUp(): void;
  mine(): number | undefined;
  dropped(): Promise<number>;
}

let instances = 0;

function instance(
  limit: TrunkLimits,
  prefix: string,
  times = TIMES,
  { port = server.port, name = `i${++instances}`, now = Date.now } = {},
): Instance {
  const registry = new Registry();
  const metrics = createRedisMetrics(registry);
  const lines: string[] = [];
  const log = logTo(lines);
  const limits = new SharedLimits({
    settings: { servers: [{ host: '127.0.0.1', port }], db: 0, tls: false, prefix },
    ...{ log, metrics, instance: name, now, times, random: Math.random },
    bad: new BadValues({ log, metrics, now }),
  });
  const its = trunk(limit);
  limits.configure([its]);
  const trunks = new InProcessTrunks(undefined, limits.shares);
  limits.start(trunks);
  let hunts = 0;
  const calls: string[] = [];
  const begunAt: number[] = [];
  const why = () => trunks.obstacle(its, now())?.why;
  const kind = limit.concurrentCalls === undefined ? 'starts' : 'calls';
  const made = {
    ...{ limits, trunks, lines, why, begun: begunAt },
    callAll: () => {
      let begun = 0;
      while (why() === undefined) {
        const hunt = `${name}-${hunts++}`;
        const at = now();
        trunks.commit({ trunk: 'a', retry: false }, { trunk: its, budget: undefined }, hunt, at);
        begunAt.push(at);
        calls.push(hunt);
        begun += 1;
      }
      return begun;
    },
    hangUp: () => trunks.release(calls.shift() ?? ''),
    mine: () => limits.shares.of('a', kind)?.mine,
    dropped: async () => {
      const { values } = await registry.getSingleMetric('crankback_redis_bad_values_total')!.get();
      return values.reduce((sum, { value }) => sum + value, 0);
    },
  };
  running.push(made);
  return made;
}

function fleet(count: number, limit: TrunkLimits = { concurrentCalls: 10 }): Instance[] {
  const prefix = `l${++prefixes}:`;
  return Array.from({ length: count }, () => instance(limit, prefix));
}

/** Its connection is gone, as of one that was killed. */
function cutOff({ limits }: Instance): void {
  (limits as unknown as { redis: Redis }).redis.disconnect();
}

function connect(): Redis {
  const client = new Redis({ port: server.port, host: '127.0.0.1', protocol: 2 });
  clients.push(client);
  return client;
}

/** With the scripts, as an instance has it. */
async function scripted(): Promise<ScriptedRedis & Redis> {
  const servers = [{ host: '127.0.0.1', port: server.port }] as const;
  const client = new Redis(commandOptions({ servers, db: 0, tls: false, prefix: '' }));
  clients.push(client);
  await client.connect();
  return client as unknown as ScriptedRedis & Redis;
}

const have = (...all: Instance[]) => all.map((one) => one.mine());
const sum = (all: readonly (number | undefined)[]) =>
  all.reduce<number>((total, one) => total + (one ?? 0), 0);

describe('shares of a limit in a Redis', () => {
  it('are the whole limit together, and go where the calls are', async () => {
    const [a, b, c] = fleet(3) as [Instance, Instance, Instance];
    expect(a.why()).toBe('its share of 10 calls at once is not known yet');
    await until(() => sum(have(a, b, c)) === 10 && Math.min(...have(a, b, c).map(Number)) === 3);
    await until(() => {
      a.callAll();
      return a.trunks.inUseOn('a') === 10;
    });
    expect(a.why()).toBe('10 of its 10 calls at once (share of 10 over 3 instances)');
    expect(b.callAll()).toBe(0);
    for (let index = 0; index < 5; index++) a.hangUp();
    await until(() => b.callAll() > 0);
    expect(a.trunks.inUseOn('a') + b.trunks.inUseOn('a')).toBeLessThanOrEqual(10);
  });

  it('of starts never exceed the limit within a second', async () => {
    const all = fleet(3, { callsPerSecond: 5 });
    await until(() => sum(have(...all)) === 5);
    const end = Date.now() + 2_500;
    while (Date.now() < end) {
      // Each in turn has the calls.
      all[Math.floor(Date.now() / 700) % 3]!.callAll();
      await pause(5);
    }
    const begun = all.flatMap((one) => one.begun).sort((a, b) => a - b);
    for (const [index, at] of begun.entries())
      expect(at - (begun[index - 5] ?? -Infinity)).toBeGreaterThanOrEqual(1_000);
    expect(begun.length).toBeGreaterThan(5);
  });

  it('of one that ends go to the others at once; of one that is cut off after its lease', async () => {
    const [a, b, c] = fleet(3) as [Instance, Instance, Instance];
    await until(() => sum(have(a, b, c)) === 10);
    await c.limits.stop();
    await until(() => a.mine() === 5 && b.mine() === 5);
    // Its connection is cut, and it cannot come back.
    cutOff(b);
    const cut = Date.now();
    await until(() => {
      a.callAll();
      expect(b.mine()).toBe(5);
      return a.trunks.inUseOn('a') > 5;
    });
    // From its last word on, which was before that.
    expect(Date.now() - cut).toBeGreaterThan(TIMES.lease / 2);
    expect(b.callAll()).toBe(5);
  });

  it.each([
    ['', 0],
    [', whose clock has gone back by half a minute', -30_000],
    [', whose clock has gone back by an hour', -3_600_000],
  ])(
    'of one that is killed are at once those of the one that is started in its place%s',
    async (_, back) => {
      const prefix = `l${++prefixes}:`;
      const times = { ...TIMES, lease: 3_600_000 };
      const killed = instance({ concurrentCalls: 10 }, prefix, times, { name: 'machine' });
      await until(() => killed.mine() === 10);
      cutOff(killed);
      const now = () => Date.now() + back;
      const again = instance({ concurrentCalls: 10 }, prefix, times, { name: 'machine', now });
      await until(() => again.mine() === 10);
      expect(again.callAll()).toBe(10);
    },
  );
});

describe.each([
  ['frozen', () => Promise.resolve(server.freeze()), () => Promise.resolve(server.thaw())],
  ['killed, and empty again', () => server.kill(), () => server.startAgain()],
])('a Redis that is %s', (_name, takeAway, bringBack) => {
  it('leaves each its share, and nobody gets more than there is when it is back', async () => {
    // A connection is made anew within 0.8 s.
    const prefix = `l${++prefixes}:`;
    const make = () => instance({ concurrentCalls: 10 }, prefix, { ...TIMES, settle: 1_500 });
    const [a, b] = [make(), make()];
    await until(() => sum(have(a, b)) === 10);
    await takeAway();
    await until(() => [a, b].every(({ lines }) => lines.some((line) => /not shared/.test(line))));
    // Longer than the lease, and than anybody may be silent.
    await pause(TIMES.lease + 300);
    expect(have(a, b)).toEqual([5, 5]);
    expect([a.callAll(), b.callAll()]).toEqual([5, 5]);
    expect(a.limits.warnings().join()).toContain('each instance keeps the share that it has');
    await bringBack();
    const end = Date.now() + 2_000;
    while (Date.now() < end) {
      expect(a.callAll() + b.callAll()).toBe(0);
      await pause(10);
    }
    await until(() =>
      [a, b].every(({ lines }) => lines.some((line) => /shared .* again/.test(line))),
    );
    expect(a.limits.warnings()).toEqual([]);
    await until(() => sum(have(a, b)) === 10);
    expect(a.callAll() + b.callAll()).toBe(0);
  });
});

it('one that begins without Redis has the whole limit, until it sees Redis', async () => {
  await server.kill();
  const [a] = fleet(1) as [Instance];
  await until(() => a.callAll() === 10);
  expect(a.why()).toBe('10 calls at once');
  await server.startAgain();
  await until(() => a.why()?.includes('share of 10 over 1 instance') === true);
});

it('the scripts do what the model of the properties does', async () => {
  const client = await scripted();
  const ids = ['x', 'y', 'z'] as const;
  const step = fc.record({
    who: fc.constantFrom(...ids),
    does: fc.constantFrom('ask', 'ask', 'ask', 'pulse', 'tell', 'lose', 'leave'),
    limit: fc.integer({ min: 1, max: 12 }),
    held: fc.option(fc.nat(8), { nil: undefined }),
    wanted: fc.nat(12),
    used: fc.nat(12),
    need: fc.nat(12),
    late: fc.boolean(),
  });
  let run = 0;
  try {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60 }), async (steps) => {
        const keys = new Keys(`m${++run}:`);
        const book = new ShareBook({ lease: 600_000, settle: 0, gap: 600_000 });
        const epochs = new Map<string, string>();
        let seen: number | undefined;
        let request = 100;
        for (const { who, does, late, ...its } of steps) {
          if (does === 'pulse' || does === 'tell') {
            // The epochs of both have different names.
            const told = does === 'tell' ? [...epochs.keys()].at(-1) : undefined;
            const theirs = told === undefined ? '' : (epochs.get(told) ?? '');
            const [reply, model] = [
              await client.fleetPulse(
                keys.members,
                keys.changes,
                keys.places,
                who,
                600_000,
                seen ?? '',
                600_000,
                0,
                theirs,
                64,
                0,
              ),
              book.pulse(who, seen, told ?? ''),
            ];
            epochs.set(model.epoch, reply[2]);
            seen = model.version;
            expect({
              version: reply[3],
              instances: reply[5],
              place: reply[6],
              changed: reply[4] === 1 ? undefined : reply[8],
            }).toEqual({
              version: model.version,
              instances: model.instances,
              place: model.place,
              changed: model.changed,
            });
            continue;
          }
          if (does === 'lose') {
            // Rarely, or nothing is ever there.
            if (its.wanted > 1) continue;
            await client.unlink(keys.members, keys.changes, keys.shares('a', 'calls'));
            book.loseAll();
            book.now += 1;
            // An epoch is named by its time.
            await pause(5);
            seen = undefined;
            continue;
          }
          const number = late ? request - 50 : ++request;
          const { limit, held, wanted, used, need } = its;
          const asked = {
            ...{ kind: 'calls' as const, trunk: 'a', held, wanted, used, need },
            limit: does === 'leave' ? undefined : limit,
          };
          const [answered, share, smallest, young, wrong, , ...others] = await client.askShare(
            keys.shares('a', 'calls'),
            keys.members,
            keys.changes,
            keys.sum('a', 'calls'),
            ...[who, number, asked.limit ?? '', held ?? '', wanted, used, need, 'calls:a', 64],
          );
          const model = book.ask(who, number, asked);
          expect({
            share: answered === 1 && share >= 0 ? share : undefined,
            young: young === 1,
            wrong,
            others: others.map(String).sort(),
            ...(asked.limit !== undefined && { smallest }),
          }).toEqual({
            share: model.share,
            young: model.young,
            wrong: '',
            others: model.others
              .flatMap((one) => [one.instance, one.share, one.used, one.need].map(String))
              .sort(),
            ...(asked.limit !== undefined && { smallest: model.limit }),
          });
        }
      }),
      { numRuns: 60, endOnFailure: true },
    );
  } finally {
    client.disconnect();
  }
});

it('ten thousand instances have places and a share of one limit', async () => {
  const keys = new Keys(`l${++prefixes}:`);
  const client = await scripted();
  const names = Array.from({ length: 10_000 }, (_, index) => `i${index + 10_000}`);
  await client.hset(keys.members, new Map(names.map((name) => [name, `${Date.now() + 60_000} `])));
  await client.hset(
    keys.shares('a', 'calls'),
    new Map(names.map((name) => [name, '2 30000 1 1 1'])),
  );
  const { members, changes, places } = keys;
  const [wrong, , , , , instances, place] = await client.fleetPulse(
    ...[members, changes, places, 'i10007', 60_000, '', 10_000, 0, '', 64, 5_000],
  );
  expect([wrong, instances, place]).toEqual(['', 10_000, 7]);
  const [answered, share, limit, , wrongShare, among, ...others] = await client.askShare(
    ...[keys.shares('a', 'calls'), members, changes, keys.sum('a', 'calls'), 'i10007'],
    ...[2, 30_000, 2, 3, 1, 1, 'calls:a', 64],
  );
  // New in this book: no more than it had.
  expect([answered, share, limit, wrongShare]).toEqual([1, 2, 30_000, '']);
  expect(among).toBe(9_999);
  expect(others.length / 4).toBeGreaterThan(60);
  expect(others.length / 4).toBeLessThan(70);
});

/** A book that is not young, with so many instances that have something of one limit. */
async function manyShare(client: Redis, keys: Keys, count: number, share: number, limit: number) {
  const names = Array.from({ length: count }, (_, index) => `i${index}`);
  const ends = Date.now() + 600_000;
  await client.hset(keys.members, new Map(names.map((name) => [name, `${ends} `])));
  const text = `${share} ${limit} 0 ${share} 1`;
  await client.hset(keys.shares('a', 'calls'), new Map(names.map((name) => [name, text])));
  await client.hset(keys.changes, { born: ends - 700_000, open: ends - 700_000 });
  return names;
}

it('of a limit that hundreds share nobody gets what others have, and all of it is given again', async () => {
  const keys = new Keys(`l${++prefixes}:`);
  const client = await scripted();
  const limit = 600;
  const names = await manyShare(client, keys, 300, 1, limit);
  let request = 10;
  const ask = async (
    who: string,
    its: number | '',
    wanted: number,
    used: number,
    need = wanted,
  ) => {
    const [, share, , , wrong, , ...others] = await client.askShare(
      ...[keys.shares('a', 'calls'), keys.members, keys.changes, keys.sum('a', 'calls'), who],
      ...[++request, its, 1, wanted, used, need, 'calls:a', 64],
    );
    expect(wrong).toBe('');
    expect(others.length / 4).toBeLessThanOrEqual(64);
    return share;
  };
  /** What others that are there have of it, one by one. */
  const taken = async (but: string) => {
    const [found, there] = [
      await client.hgetall(keys.shares('a', 'calls')),
      await client.hgetall(keys.members),
    ];
    return Object.entries(found)
      .filter(([id]) => id !== but && id in there)
      .reduce((total, [, text]) => {
        const [share = 0, , used = 0] = text.split(' ').map(Number);
        return total + Math.max(share, used);
      }, 0);
  };
  const random = (below: number) => Math.floor(Math.random() * below);
  for (let step = 0; step < 150; step++) {
    const who = names[random(300)]!;
    if (step % 20 === 19) await client.hdel(keys.members, names[random(300)]!);
    const free = Math.max(0, limit - (await taken(who)));
    const [its, wanted] = [step % 9 === 8 ? '' : limit, random(12)] as const;
    const share = await ask(who, its, wanted, random(4));
    expect(share).toBeLessThanOrEqual(its === '' ? 0 : Math.min(wanted, free));
  }
  // What those had that are gone, when all are looked at again.
  await client.hdel(keys.members, ...names.slice(100, 200));
  await client.hset(keys.sum('a', 'calls'), 'at', 0);
  const who = names.find((_, index) => index === 7)!;
  const free = limit - (await taken(who));
  expect(free).toBeGreaterThan(0);
  expect(await ask(who, limit, limit, 0)).toBe(free);
  // What it does not need leaves an eighth for those that it does not see.
  expect(await ask(who, limit, limit, 0, 2)).toBe(Math.max(2, free - limit / 8));
  // What stands there and is no sum counts for nothing.
  for (const text of ['x', '-5', '1e300']) {
    await client.hset(keys.sum('a', 'calls'), { total: text, at: Date.now() });
    expect(await ask(who, limit, limit, 0)).toBe(free);
  }
  await client.del(keys.sum('a', 'calls'));
  await client.set(keys.sum('a', 'calls'), 'x');
  expect(await ask(who, limit, limit, 0)).toBe(free);
  // A user of before, who may not have a sample.
  await client.acl('SETUSER', 'default', '-hrandfield');
  expect(await ask(who, limit, limit, 0)).toBe(free);
});

it('asking costs Redis as much with ten thousand instances as with a thousand', async () => {
  const client = await scripted();
  const cost = async (count: number) => {
    const keys = new Keys(`l${++prefixes}:`);
    const names = await manyShare(client, keys, count, 1, 3 * count);
    const cpu = async () => {
      const info = await client.info('cpu');
      const of = (name: string) => Number(new RegExp(`^${name}:([\\d.]+)`, 'm').exec(info)?.[1]);
      return of('used_cpu_sys') + of('used_cpu_user');
    };
    const ask = (index: number) =>
      client.askShare(
        ...[keys.shares('a', 'calls'), keys.members, keys.changes, keys.sum('a', 'calls')],
        ...[names[index % count]!, index + 2, 3 * count, 1, 2, 1, 1, 'calls:a', 64],
      );
    // The first one looks at all.
    await ask(0);
    const before = await cpu();
    for (let index = 1; index <= 300; index++) await ask(index);
    return (await cpu()) - before;
  };
  const thousand = await cost(1_000);
  // Where each looked at all, it would be ten times as much.
  expect(await cost(10_000)).toBeLessThan(4 * thousand);
});

describe('what stands in Redis and is not ours', () => {
  /** Of two instances the first is still to be heard of; both have said that they have five of ten. */
  async function asked(
    put: (client: Redis, keys: Keys) => Promise<unknown>,
    pulses = true,
  ): Promise<number> {
    const keys = new Keys(`l${++prefixes}:`);
    const client = await scripted();
    let request = 0;
    const pulse = async (who: string, told = '') => {
      const times = { lease: 600_000, gap: 600_000, settle: 0 };
      const { members, changes, places } = keys;
      const { lease, gap, settle } = times;
      const [, , epoch] = await client.fleetPulse(
        ...[members, changes, places, who, lease, '', gap, settle, told, 64, 0],
      );
      return epoch;
    };
    const ask = async (who: string, wanted: number) => {
      const [, share] = await client.askShare(
        ...[keys.shares('a', 'calls'), keys.members, keys.changes, keys.sum('a', 'calls'), who],
        ...[++request, 10, 5, wanted, 0, wanted, 'calls:a', 64],
      );
      return share;
    };
    for (const who of ['x', 'y']) {
      await pulse(who);
      await ask(who, 5);
    }
    const epoch = await pulse('x');
    for (const who of ['x', 'y']) await pulse(who, epoch);
    await put(client, keys);
    if (pulses) await pulse('y', epoch);
    return ask('y', 10);
  }

  it.each<[string, (client: Redis, keys: Keys) => Promise<unknown>]>([
    ['the members are gone', (client, keys) => client.unlink(keys.members)],
    [
      'the members are a string',
      async (client, keys) => {
        await client.unlink(keys.members);
        await client.set(keys.members, 'x');
      },
    ],
    ['a member is garbage', (client, keys) => client.hset(keys.members, 'x', 'x')],
    ['its share is garbage', (client, keys) => client.hset(keys.shares('a', 'calls'), 'x', 'x')],
    ['all shares are gone', (client, keys) => client.unlink(keys.shares('a', 'calls'))],
    ['the changes are gone', (client, keys) => client.unlink(keys.changes)],
  ])('nobody gets what another one has though %s', async (_name, put) => {
    expect(await asked(put)).toBe(5);
  });

  it('nor though a member is garbage that no pulse has looked at yet', async () => {
    const put = (client: Redis, keys: Keys) => client.hset(keys.members, 'x', 'x');
    expect(await asked(put, false)).toBe(5);
  });

  const cases: [string, (client: Redis, prefix: string) => Promise<unknown>][] = [
    ['a string for the shares', (client, p) => client.set(`${p}{a}:calls`, 'x')],
    ['garbage of an instance', (client, p) => client.hset(`${p}{a}:calls`, 'z', '9 9 nan 9 9')],
    ['a share of 1 MB', (client, p) => client.hset(`${p}{a}:calls`, 'z', '9'.repeat(1e6))],
    [
      'a list for the members',
      async (client, p) => {
        await client.unlink(`${p}members`);
        await client.rpush(`${p}members`, 'x');
      },
    ],
    ['a string for the changes', (client, p) => client.set(`${p}changes`, 'x')],
    ['a change without a number', (client, p) => client.hset(`${p}changes`, 'version', 'x')],
  ];
  it.each(cases)('%s is dropped, and shares go on', async (_name, put) => {
    const prefix = `l${++prefixes}:`;
    const client = connect();
    const [a, b] = [
      instance({ concurrentCalls: 10 }, prefix),
      instance({ concurrentCalls: 10 }, prefix),
    ];
    await until(() => sum(have(a, b)) === 10);
    await put(client, prefix);
    await until(() => {
      a.callAll();
      expect(a.trunks.inUseOn('a') + Number(b.mine())).toBeLessThanOrEqual(10);
      return a.trunks.inUseOn('a') === 10;
    });
    expect(b.callAll()).toBe(0);
  });

  it('a member that is there for ever is gone after a lease', async () => {
    const prefix = `l${++prefixes}:`;
    const client = connect();
    const a = instance({ concurrentCalls: 10 }, prefix);
    await until(() => a.mine() === 10);
    await client.hset(`${prefix}members`, 'z', `${Number.MAX_SAFE_INTEGER} `);
    await client.hset(`${prefix}members`, 'y', '99999999999999 ');
    await untilAsync(async () => (await client.hkeys(`${prefix}members`)).length === 1);
    expect(a.why()).toBeUndefined();
  });
});
