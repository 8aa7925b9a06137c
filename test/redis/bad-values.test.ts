import { Redis } from 'ioredis';
import { RedisServer } from '../../lab/redis/server';
import { LAST_GENERATION } from '../../src/trunks/health/breaker/state';
import { pause, until } from '../doubles/until';
import { redisProgram } from './programs';
import { COOLDOWN_MS, fail, redisStore, times, type StoreUnderTest } from './stores';

// `until` says what it waited for; it must come first, also on a busy machine.
jest.setTimeout(60_000);

const LONG = { cooldown: 60_000, maxCooldown: 600_000 };
const NOT_OURS = /not ours/;
/** Of the marks of time in Redis: ten of them are a window. */
const SLOT = Math.floor(Date.now() / 3000);

let server: RedisServer;
let client: Redis;
let fleets: Fleet[] = [];

beforeAll(async () => {
  server = await RedisServer.start(redisProgram());
  client = new Redis({ port: server.port, host: '127.0.0.1', protocol: 2 });
});
afterEach(async () => {
  await Promise.all(fleets.map((fleet) => fleet.stop()));
  fleets = [];
});
afterAll(async () => {
  client.disconnect();
  await server.kill();
});

const linesOf = (which: StoreUnderTest, about: RegExp) =>
  which.lines.filter((line) => about.test(line)).length;

async function eventually(condition: () => Promise<boolean>): Promise<void> {
  const limit = Date.now() + 20_000;
  while (!(await condition())) {
    if (Date.now() > limit) throw new Error(`never so: ${String(condition)}`);
    await pause(20);
  }
}

let prefixes = 0;

/** Two instances with a prefix of their own. */
class Fleet {
  readonly prefix = `b${++prefixes}:`;
  private both: [StoreUnderTest, StoreUnderTest] | undefined;

  constructor() {
    fleets.push(this);
  }

  get stores(): [StoreUnderTest, StoreUnderTest] {
    if (!this.both) throw new Error('not started');
    return this.both;
  }

  async start(settings = {}): Promise<[StoreUnderTest, StoreUnderTest]> {
    const one = () => redisStore(server.port, settings, this.prefix);
    this.both = [one(), one()];
    for (const { store } of this.stores) store.start();
    await until(() => this.stores.every((each) => linesOf(each, /shared/) === 1));
    return this.stores;
  }

  async stop(): Promise<void> {
    await Promise.all((this.both ?? []).map(({ store }) => store.stop()));
  }

  key(kind: string): string {
    return `${this.prefix}{a}:${kind}`;
  }

  /** What was counted as not ours of one kind, by both. */
  async dropped(what: string): Promise<number> {
    const values = await Promise.all(
      this.stores.map(async (one) => {
        const line = await one.metric(`crankback_redis_bad_values_total{what="${what}"}`);
        return Number(line?.split(' ').at(-1) ?? 0);
      }),
    );
    return values.reduce((sum, value) => sum + value, 0);
  }

  /** Everybody looks again, and has. */
  async lookAgain(): Promise<void> {
    await client.set(`${this.prefix}latest`, `somebody:${Math.random()}`);
    await pause(1500);
  }

  publish(text: string, version = 'x:1', age = '0', left = ''): Promise<number> {
    const message = JSON.stringify(['a', version, text, age, left]);
    return client.publish(`${this.prefix}states`, message);
  }

  /** Sharing goes on in both directions, and no outage was claimed. */
  async sharingGoesOn(): Promise<void> {
    const [first, second] = this.stores;
    first.store.hold('a', { by: 'operator', why: 'one' });
    await until(() => second.store.read('a').hold?.why === 'one');
    second.store.clear('a');
    await until(() => first.store.read('a').access === 'open');
    second.store.hold('a', { by: 'operator', why: 'two' });
    await until(() => first.store.read('a').hold?.why === 'two');
    const outages = this.stores.map((one) => linesOf(one, /cannot be|takes no writes/));
    expect(outages).toEqual([0, 0]);
  }
}

/** How many commands Redis has carried out within some time. */
async function commandsWithin(ms: number): Promise<number> {
  const count = async () =>
    Number(/total_commands_processed:(\d+)/.exec(await client.info('stats'))?.[1]);
  const before = await count();
  await pause(ms);
  return (await count()) - before;
}

type Put = (fleet: Fleet) => Promise<unknown>;

/** All at once, each with a fleet of its own. */
async function each(cases: readonly (readonly [string, Put])[], check: Put): Promise<void> {
  const put = cases.map(async ([name, act]) => {
    const fleet = new Fleet();
    await act(fleet);
    return { name, fleet };
  });
  const failed = await Promise.all(
    (await Promise.all(put)).map(({ name, fleet }) => {
      return check(fleet).then(
        () => [],
        (error: unknown) => [`${name}: ${String(error)}`],
      );
    }),
  );
  expect(failed.flat()).toEqual([]);
}

const GOOD = { version: 'x:1', body: '{"generation":1,"trips":0}', since: Date.now(), until: '' };
const hash =
  (fields: Record<string, string | number>): Put =>
  (fleet) =>
    client.hset(fleet.key('state'), fields);
const body = (text: string) => hash({ ...GOOD, body: text });
const heldUntil = (end: string | number, why = 'w') => {
  const hold = { id: 'h:1', cause: 'faults', absolute: true, why };
  return hash({ ...GOOD, until: end, body: JSON.stringify({ generation: 1, trips: 0, hold }) });
};

it('what stands where a state should be is dropped, counted and replaced', async () => {
  const cases: [string, Put][] = [
    ['a string', (fleet) => client.set(fleet.key('state'), 'x')],
    ['a list', (fleet) => client.rpush(fleet.key('state'), 'x', 'y')],
    ['a hash of somebody else', hash({ name: 'x' })],
    ['a body that is no JSON', body('{{{')],
    ['a body of 1 MB', body(`{"generation":1,"trips":0,"x":"${'x'.repeat(1e6)}"}`)],
    ['a version of 1 MB', hash({ ...GOOD, version: 'x'.repeat(1e6) })],
    ['a generation without successor', body(`{"generation":${2 ** 53 - 1},"trips":0}`)],
    ['a generation below 0', body('{"generation":-1,"trips":0}')],
    ['a generation that is no integer', body('{"generation":1.5,"trips":0}')],
    ['trips without end', body('{"generation":1,"trips":1e300}')],
    ['trips that are null, as JSON writes NaN', body('{"generation":1,"trips":null}')],
    ['a time that is no number', hash({ ...GOOD, since: 'nan' })],
    ['an endless time', hash({ ...GOOD, since: '-inf' })],
    ['a time of another era', hash({ ...GOOD, since: 7 })],
    ['a hold until the end of time', heldUntil('1e300')],
    ['a hold for a thousand years', heldUntil(Date.now() + 3.2e13)],
    ['a hold until garbage', heldUntil('x')],
    ['a hold whose reason steers terminals', heldUntil('', '\u001b[2J')],
  ];
  await each(cases, async (fleet) => {
    await fleet.start(LONG);
    await eventually(async () => {
      const read = client.hmget(fleet.key('state'), 'version', 'body').catch(() => []);
      const [version, text] = await read;
      return /^i\d+:\d+$/.test(version ?? '') && /^{"generation"/.test(text ?? '');
    });
    await fleet.lookAgain();
    const dropped = await fleet.dropped('state');
    expect(dropped).toBeGreaterThan(0);
    expect(Math.max(...fleet.stores.map((one) => linesOf(one, NOT_OURS)))).toBe(1);
    // Once replaced it is not met again.
    await fleet.lookAgain();
    expect(await fleet.dropped('state')).toBe(dropped);
    await fleet.sharingGoesOn();
  });
});

it('a state with more fields than this version knows is one', async () => {
  const fleet = new Fleet();
  await heldUntil(Date.now() + 60_000)(fleet);
  await client.hset(fleet.key('state'), { extra: 'x', constructor: 'y' });
  await fleet.start(LONG);
  await until(() => fleet.stores.every(({ store }) => store.read('a').hold?.why === 'w'));
  expect(await fleet.dropped('state')).toBe(0);
});

it('what stands where counts should be is dropped, counted and replaced', async () => {
  const field =
    (name: string, value: string): Put =>
    (fleet) =>
      client.hset(fleet.key('tally'), name, value);
  const many = `for i = 1, 1e5 do redis.call('HSET', KEYS[1], i, i) end`;
  const cases: [string, Put][] = [
    ['a string', (fleet) => client.set(fleet.key('tally'), 'x')],
    ['a count that is no number', field(`a${SLOT}`, 'x')],
    ['a count that is not a number', field('streak', 'nan')],
    ['a count out of range', field(`f${SLOT}`, String(2n ** 63n - 1n))],
    ['a negative count', field(`f${SLOT}`, '-5000')],
    ['a field of somebody else', field('name', 'x')],
    ['a value of 1 MB', field(`a${SLOT}`, '1'.repeat(1e6))],
    ['a hash of 100,000 fields', (fleet) => client.eval(many, 1, fleet.key('tally'))],
  ];
  await each(cases, async (fleet) => {
    await fleet.start(LONG);
    for (const { store } of fleet.stores) times(3, () => fail(store, 'trunk-timeout'));
    await until(() => fleet.stores.every(({ store }) => store.read('a').access === 'held'));
    expect(fleet.stores[0].store.read('a').hold?.why).toContain('on all instances together');
    expect(await fleet.dropped('counts')).toBe(1);
    await fleet.sharingGoesOn();
  });
});

it('counts of a time that has not come are forgotten', async () => {
  const fleet = new Fleet();
  await client.hset(fleet.key('tally'), { [`f${SLOT + 1000}`]: '50', [`a${SLOT + 1000}`]: '50' });
  const [{ store }] = await fleet.start(LONG);
  fail(store, 'trunk-timeout');
  await eventually(async () => {
    const names = await client.hkeys(fleet.key('tally'));
    return names.includes('streak') && !names.includes(`f${SLOT + 1000}`);
  });
  expect(store.read('a').access).toBe('open');
});

it('a trunk is tried again whatever stands where its lease should be', async () => {
  const cases: [string, Put][] = [
    ['a hash', (fleet) => client.hset(fleet.key('lease'), 'x', 'y')],
    ['one without an end', (fleet) => client.set(fleet.key('lease'), 'somebody')],
    ['one for a day', (fleet) => client.set(fleet.key('lease'), 'somebody', 'EX', 86_400)],
    ['1 MB', (fleet) => client.set(fleet.key('lease'), 'x'.repeat(1e6), 'EX', 5)],
  ];
  const start: Put = async (fleet) => {
    const [first, second] = await fleet.start({ cooldown: 1500, maxCooldown: 6000 });
    times(5, () => fail(first.store, 'trunk-congested'));
    await until(() => second.store.read('a').phase === 'held');
  };
  const late = cases.map(([name, put]): [string, Put] => [
    name,
    async (fleet) => {
      await start(fleet);
      await put(fleet);
    },
  ]);
  await each(late, async (fleet) => {
    await until(() => fleet.stores.some(({ store }) => store.read('a').access === 'probe'));
    expect(await fleet.dropped('lease')).toBe(1);
  });
});

it('what stands where the latest version should be is dropped, counted and replaced', async () => {
  const fleet = new Fleet();
  await fleet.start(LONG);
  await client.del(`${fleet.prefix}latest`);
  await client.rpush(`${fleet.prefix}latest`, 'x');
  await eventually(async () => (await client.type(`${fleet.prefix}latest`)) === 'string');
  expect(await fleet.dropped('latest')).toBeGreaterThan(0);
  await fleet.sharingGoesOn();
});

it('keys of another application below our prefix are left alone', async () => {
  const fleet = new Fleet();
  const theirs = [`${fleet.prefix}sessions`, `${fleet.prefix}{a}`];
  for (const key of theirs) await client.set(key, 'theirs');
  await client.hset(`${fleet.prefix}{z}:state`, 'x', 'theirs');
  await fleet.start(LONG);
  await fleet.sharingGoesOn();
  expect(await client.mget(theirs)).toEqual(['theirs', 'theirs']);
  expect(await client.hgetall(`${fleet.prefix}{z}:state`)).toEqual({ x: 'theirs' });
});

it('what no crankback publishes is dropped and counted', async () => {
  const cases: [string, Put][] = [
    ['no JSON', (fleet) => client.publish(`${fleet.prefix}states`, '{{{')],
    ['5 MB', (fleet) => client.publish(`${fleet.prefix}states`, `["a","${'x'.repeat(5e6)}"]`)],
    ['another version’s body', (fleet) => fleet.publish('{"generation":"x"}')],
    ['a time out of range', (fleet) => fleet.publish(GOOD.body, 'x:1', '1e300')],
    ['a long version', (fleet) => fleet.publish(GOOD.body, 'x'.repeat(1000))],
  ];
  const late = cases.map(([name, publish]): [string, Put] => [
    name,
    async (fleet) => {
      await fleet.start(LONG);
      await publish(fleet);
    },
  ]);
  await each(late, async (fleet) => {
    await eventually(async () => (await fleet.dropped('message')) === 2);
    await fleet.sharingGoesOn();
  });
});

it('a published generation without successor starts no loop', async () => {
  const fleet = new Fleet();
  const [first, second] = await fleet.start(LONG);
  await fleet.publish(`{"generation":${2 ** 53 - 1},"trips":0}`);
  await eventually(async () => (await fleet.dropped('message')) === 2);
  first.store.clear('a');
  second.store.clear('a');
  expect(await commandsWithin(2000)).toBeLessThan(100);
  await fleet.sharingGoesOn();
});

it('the last generation leaves the instances able to tell each other more', async () => {
  const fleet = new Fleet();
  const [first] = await fleet.start(LONG);
  await fleet.publish(`{"generation":${LAST_GENERATION},"trips":0}`);
  await pause(200);
  first.store.clear('a');
  // Here the later state wins, and the time that a message takes counts as its age: no two within a message's time.
  await pause(500);
  await fleet.sharingGoesOn();
  await fleet.sharingGoesOn();
  expect(await commandsWithin(2000)).toBeLessThan(100);
});

it('messages make nobody write, log or tell the PBX more often than by their own clock', async () => {
  const fleet = new Fleet();
  const both = await fleet.start({ cooldown: 1, maxCooldown: 1 });
  let sent = 0;
  const state = () => {
    const hold = { id: `h${sent}`, cause: 'faults', absolute: false, why: 'w' };
    return JSON.stringify({ generation: sent, trips: 1, ...(sent % 2 && { hold }) });
  };
  const flood = async () => {
    for (let burst = 0; burst < 40; burst++) {
      const messages = Array.from({ length: 100 }, () => {
        sent += 1;
        return fleet.publish(state(), `x:${sent}`, '0', sent % 2 ? '1' : '');
      });
      await Promise.all([...messages, client.publish(`${fleet.prefix}states`, 'garbage')]);
      await pause(50);
    }
  };
  const [commands] = await Promise.all([commandsWithin(2500), flood()]);
  // Those of the flood aside.
  expect(commands - sent).toBeLessThan(300);
  for (const { changes } of both) expect(changes.length).toBeLessThan(sent / 10);
  for (const one of both) expect(linesOf(one, NOT_OURS)).toBe(1);
  await pause(1500);
  await fleet.sharingGoesOn();
});

it('scripts that Redis has forgotten are sent again', async () => {
  const fleet = new Fleet();
  const both = await fleet.start({ cooldown: COOLDOWN_MS });
  await client.script('FLUSH');
  for (const { store } of both) times(3, () => fail(store, 'trunk-timeout'));
  await until(() => both.every(({ store }) => store.read('a').trips === 1));
  await client.script('FLUSH');
  await until(() => both.some(({ store }) => store.read('a').access === 'probe'));
  await fleet.sharingGoesOn();
});
