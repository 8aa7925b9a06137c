import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { Redis } from 'ioredis';
import { Registry } from 'prom-client';
import { createLogger, transports } from 'winston';
import { Writable } from 'node:stream';
import { RedisServer } from '../../lab/redis/server';
import { BadValues } from '../../adapters/redis/bad-values';
import { FleetStream } from '../../adapters/redis/fleet-stream';
import { createFleetMetrics, createRedisMetrics } from '../../adapters/redis/metrics';
import type { CallEvent } from '../../src/events/call-event';
import { FAULT_OF } from '../../src/model/classes';
import type { CallFilter, CallRow } from '../../src/journal/read/calls';
import type { CountedPeriod, FiguresFilter } from '../../src/journal/read/figures';
import { LastingJournal } from '../../src/journal/thread/lasting-journal';
import { LONGEST_ITEM } from '../../src/journal/fleet/item';
import { hashOf, readDefaults } from '../../src/policy-file/policy-file';
import { showing } from '../../src/records/shown';
import { compileMain } from '../doubles/main';
import { pause, untilAsync } from '../doubles/until';
import { redisProgram } from './programs';

// `untilAsync` says what it waited for; it must come first, also on a busy machine.
jest.setTimeout(180_000);

const program = compileMain();
const entry = join(program.folder, 'journal-worker.js');
let folder: string;
let server: RedisServer;
let redis: Redis;
let running: Instance[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'crankback-fleet-'));
  server = await RedisServer.start(redisProgram());
  redis = new Redis({
    port: server.port,
    host: '127.0.0.1',
    protocol: 2,
    retryStrategy: () => 100,
  });
  redis.on('error', () => undefined);
});
afterEach(async () => {
  await Promise.all(running.map((one) => one.stop()));
  running = [];
  redis.disconnect();
  await server.kill();
  rmSync(folder, { recursive: true, force: true });
});
afterAll(() => rmSync(program.folder, { recursive: true, force: true }));

interface Instance {
  readonly journal: LastingJournal;
  readonly stream: FleetStream;
  readonly lines: readonly string[];
  record(...events: readonly CallEvent[]): void;
  calls(asked?: Partial<CallFilter>): Promise<readonly CallRow[]>;
  figures(asked?: Partial<FiguresFilter>): Promise<CountedPeriod>;
  /** Of `crankback_fleet_entries_total`. */
  counted(what: string): Promise<number>;
  stop(): Promise<void>;
}

/** A journal with its part in the fleet, as the service puts them together. */
function instance(name: string, { bytes = 64e6, maskNumbers = false } = {}): Instance {
  const registry = new Registry();
  const lines: string[] = [];
  const log = createLogger({
    transports: [
      new transports.Stream({
        stream: new Writable({
          write: (chunk: Buffer, _encoding, done) => {
            lines.push(chunk.toString().trim());
            done();
          },
        }),
      }),
    ],
  });
  const journal: LastingJournal = new LastingJournal({
    ...{ entry, file: join(folder, `${name}.db`), retention: { days: 30, bytes: 1e9 } },
    shown: maskNumbers ? showing({ maskNumbers }) : (value) => value,
    told: (message, fields) => void lines.push(`${message} ${JSON.stringify(fields)}`),
    lost: () => undefined,
    fleet: { name, maskNumbers, publish: (items) => stream.publish(items) },
    now: Date.now,
  });
  const stream = new FleetStream({
    settings: {
      servers: [{ host: '127.0.0.1', port: server.port }],
      db: 0,
      tls: false,
      prefix: 'f:',
    },
    ...{ bytes, log, metrics: createFleetMetrics(registry) },
    bad: new BadValues({ log, metrics: createRedisMetrics(registry), now: Date.now }),
    take: (read) => journal.ask('fleet', read),
  });
  stream.start();
  const one: Instance = {
    ...{ journal, stream, lines },
    record: (...events: readonly CallEvent[]) => events.forEach((event) => journal.record(event)),
    calls: async (asked = {}) => (await journal.ask('calls', { limit: 1_000, ...asked })).calls,
    figures: (asked = {}) =>
      journal.ask('figures', {
        ...{ since: START, until: START + 3_600_000, now: START + 3_600_000, by: 'trunk' },
        ...asked,
      }),
    counted: async (what: string) =>
      Number(
        new RegExp(`^crankback_fleet_entries_total\\{what="${what}"\\} (\\d+)`, 'm').exec(
          await registry.metrics(),
        )?.[1] ?? 0,
      ),
    stop: async () => {
      running = running.filter((other) => other !== one);
      await journal.stop();
      await stream.stop();
    },
  };
  running.push(one);
  return one;
}

const START = Math.floor((Date.now() - 600_000) / 60_000) * 60_000;

/** A call that carrier-a refuses and carrier-b answers, or nobody. */
function call(hunt: string, { at = START, number = '030123', answered = true } = {}): CallEvent[] {
  const of = { pbx: 'asterisk', hunt };
  const leg = 'PJSIP/caller-1';
  const decided = (time: number, on: 'route' | 'failed', trunk: string): CallEvent =>
    ({
      ...{ kind: 'decided', at: time, ...of, leg, on, passedOver: [] },
      decision: {
        outcome: { kind: 'dial', trunk, number },
        rule: { file: 'policy.yaml', line: 7 },
        refused: [],
      } as never,
    }) as unknown as CallEvent;
  const failed = (time: number, trunk: string): CallEvent =>
    ({
      ...{ kind: 'attempt-failed', at: time, ...of, leg, trunk },
      failure: {
        class: 'trunk-congested',
        fault: FAULT_OF['trunk-congested'],
        ...{ sip: 503, origin: 'far', rang: false },
      },
    }) as unknown as CallEvent;
  return [
    { kind: 'hunt-begun', at, ...of, leg, number, startedAt: at, policyHash: 'p' },
    decided(at, 'route', 'carrier-a'),
    failed(at + 100, 'carrier-a'),
    decided(at + 100, 'failed', 'carrier-b'),
    answered
      ? ({
          kind: 'attempt-answered',
          at: at + 900,
          ...of,
          leg,
          trunk: 'carrier-b',
        } as unknown as CallEvent)
      : failed(at + 900, 'carrier-b'),
    { kind: 'hunt-ended', at: at + 5_000, ...of, leg } as unknown as CallEvent,
  ];
}

const has = (one: Instance, count: number) =>
  untilAsync(async () => (await one.calls()).length === count);

it('calls of one instance are found at the other, figures are the sum, and each says whose it is', async () => {
  const [a, b] = [instance('site-a'), instance('site-b')];
  // The same ids: two PBXes may make them.
  for (let index = 0; index < 40; index++)
    a.record(...call(`h${index}`, { at: START + index * 1_000, answered: index % 2 === 0 }));
  for (let index = 0; index < 25; index++)
    b.record(...call(`h${index}`, { at: START + index * 1_000, number: '040555' }));
  await Promise.all([has(a, 65), has(b, 65)]);
  expect(await b.calls({ instance: 'site-a' })).toHaveLength(40);
  expect(await b.calls({ instance: 'site-b' })).toHaveLength(25);
  expect((await b.calls({ to: '030123', trunk: 'carrier-b' }))[0]).toMatchObject({
    ...{ instance: 'site-a', hunt: 'h39', number: '030123', attempts: 2, failures: 2 },
  });
  const why = { id: 'h3', number: 'h3' };
  expect(await b.journal.ask('call', { ...why, instance: 'site-a' })).toMatchObject({
    ...{
      instance: 'site-a',
      number: '030123',
      legs: [{ trunk: 'carrier-a' }, { trunk: 'carrier-b' }],
    },
    decisions: [{ on: 'route' }, { on: 'failed', detail: { decision: { rule: { line: 7 } } } }],
  });
  expect(await b.journal.ask('call', { ...why, instance: 'site-b' })).toMatchObject({
    number: '040555',
  });
  for (const one of [a, b]) {
    const { all, groups } = await one.figures();
    expect(all).toMatchObject({ calls: 65, attempts: 130, answered: 45, failed: 85, saved: 45 });
    expect(groups.map(({ name, counts }) => [name, counts.attempts])).toEqual([
      ['carrier-a', 65],
      ['carrier-b', 65],
    ]);
    const { groups: instances } = await one.figures({ by: 'instance' });
    expect(instances.map(({ name, counts }) => [name, counts.calls])).toEqual([
      ['site-a', 40],
      ['site-b', 25],
    ]);
    expect((await one.figures({ instance: 'site-a' })).all).toMatchObject({ calls: 40, saved: 20 });
  }
});

it('an instance that was restarted goes on where it was, and writes nothing twice', async () => {
  const [a, b] = [instance('site-a'), instance('site-b')];
  a.record(...call('h1'));
  await has(b, 1);
  await b.stop();
  for (let index = 2; index <= 30; index++) a.record(...call(`h${index}`));
  await untilAsync(async () => (await a.counted('told')) === 180);
  const again = instance('site-b');
  await has(again, 30);
  // Read from the begin, as after a Redis whose clock was set back.
  const items = (await redis.xrange('f:journal', '-', '+')).map(
    ([id, fields]) => [id, fields[3] ?? ''] as const,
  );
  expect(items.length).toBeGreaterThan(1);
  expect(await again.journal.ask('fleet', { items })).toMatchObject({
    written: 0,
    missing: 0,
    bad: [],
  });
  expect((await again.figures()).all).toMatchObject({ calls: 30, attempts: 60 });
});

it('Redis that is gone costs nothing but time: what fits is told later, what does not is counted', async () => {
  const [a, b] = [instance('site-a'), instance('site-b')];
  a.record(...call('before'));
  await has(b, 1);
  await server.kill();
  a.record(...call('meanwhile'));
  await untilAsync(async () => (await a.calls()).length === 2);
  await untilAsync(() => Promise.resolve(a.stream.warnings().length > 0));
  expect(await b.calls()).toHaveLength(1);
  // As much as a quarter of an hour of a busy PBX: of a queue without a bound all of it would be there.
  const text = 'x'.repeat(LONGEST_ITEM);
  const large = Array.from({ length: 300 }, () => ({ first: 1e9, count: 10, text }));
  a.stream.publish(large);
  expect(await a.counted('dropped')).toBeGreaterThan(300);
  expect(await a.counted('dropped')).toBeLessThan(3_000);
  expect(a.lines.filter((line) => line.includes('no longer told'))).toHaveLength(1);
  await server.startAgain();
  await has(b, 2);
  await untilAsync(() => Promise.resolve(a.stream.warnings().length === 0));
  a.record(...call('after'));
  await has(b, 3);
});

it('the stream stays within its bytes, and what was cut before it was read is named', async () => {
  const a = instance('site-a', { bytes: 4 * LONGEST_ITEM });
  const b = instance('site-b', { bytes: 4 * LONGEST_ITEM });
  a.record(...call('h0'));
  await has(b, 1);
  await b.stop();
  for (let round = 1; round <= 12; round++) {
    const told = await a.counted('told');
    for (let index = 0; index < 5; index++) a.record(...call(`h${round}-${index}`));
    await untilAsync(async () => (await a.counted('told')) >= told + 30);
  }
  // Redis cuts whole nodes of a hundred small items, or of 4 KB.
  await redis.config('SET', 'stream-node-max-entries', '1');
  expect(await redis.xlen('f:journal')).toBeLessThan(110);
  const filler = 'y'.repeat(LONGEST_ITEM);
  a.stream.publish(
    Array.from({ length: 40 }, (_, index) => ({ first: index, count: 1, text: filler })),
  );
  await untilAsync(async () => (await a.counted('told')) >= 406);
  expect(await redis.memory('USAGE', 'f:journal')).toBeLessThan(8 * LONGEST_ITEM);
  const again = instance('site-b');
  a.record(...call('last'));
  await untilAsync(async () => (await again.calls()).some(({ hunt }) => hunt === 'last'));
  expect(await again.counted('missing')).toBeGreaterThan(100);
});

it('a policy travels with its text, which `why` explains a call by; a text of another hash does not', async () => {
  const text = '# the policy of site-a\nversion: 1\n';
  const defaults = readDefaults();
  if (!defaults) throw new Error('no defaults');
  const hash = hashOf({ policy: { ...defaults, text }, defaults });
  const file = join(folder, 'a.yaml');
  const a = instance('site-a');
  a.journal.policyInForce({ hash, file, text: Buffer.from(text) });
  await untilAsync(async () => (await a.counted('told')) === 1);
  // Told again after the stream was emptied.
  const b = instance('site-b');
  a.record(
    ...call('h1').map((event) => ({
      ...event,
      ...('policyHash' in event && { policyHash: hash }),
    })),
  );
  await has(b, 1);
  const wanted = { id: 'h1', number: 'h1' };
  expect(await b.journal.ask('call', wanted)).toMatchObject({
    policies: [{ hash, file, lines: text.split('\n') }],
  });
  await write({ entries: [{ kind: 'policy', at: START, hash: 'f00', file: 'x', text: 'forged' }] });
  await untilAsync(async () => (await b.journal.ask('policy', 'f00')) !== undefined);
  expect(await b.journal.ask('policy', 'f00')).toEqual({ hash: 'f00', file: 'x' });
});

it('numbers are masked in the stream where its writer masks them, and at rest where the reader does', async () => {
  const masking = instance('site-a', { maskNumbers: true });
  const open = instance('site-b');
  masking.record(...call('h1', { number: '03012345678' }));
  open.record(...call('h2', { number: '04012345678' }));
  await Promise.all([has(masking, 2), has(open, 2)]);
  expect(JSON.stringify(await open.calls())).not.toContain('03012345678');
  expect(JSON.stringify(await open.calls())).toContain('04012345678');
  expect(JSON.stringify(await masking.calls())).not.toContain('4012345678');
  const whole = await masking.journal.ask('call', { id: 'h2', number: '' });
  expect(whole?.decisions).toHaveLength(2);
  expect(JSON.stringify(whole)).not.toContain('4012345678');
});

const pack = (value: unknown) => deflateRawSync(JSON.stringify(value)).toString('base64');
const FORGED = { v: 1, journal: 'forged', name: 'site-x', first: 0 };
const write = (more: object) =>
  redis.xadd('f:journal', '*', 'by', 'x', 'item', pack({ ...FORGED, ...more }));

it('what others write does no harm: it is counted, said once, and calls go on', async () => {
  const [a, b] = [instance('site-a'), instance('site-b')];
  a.record(...call('h1'));
  b.record(...call('h1', { number: '040' }));
  await Promise.all([has(a, 2), has(b, 2)]);
  const hunt = {
    kind: 'hunt',
    at: START,
    pbx: 'asterisk',
    hunt: 'f1',
    leg: 'l',
    number: '1',
    policy: 'p',
  };
  const decision = {
    kind: 'decision',
    at: START,
    pbx: 'asterisk',
    hunt: 'f1',
    on: 'route',
    outcome: 'dial',
    trunk: 't',
  };
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  const bad: readonly unknown[] = [
    { entries: 'none' },
    { entries: [] },
    { entries: [{ ...hunt, number: 5 }] },
    { entries: [{ ...hunt, kind: 'drop table' }] },
    { entries: [{ ...hunt, at: Date.now() + 1e10 }] },
    { entries: [{ ...hunt, at: 'now' }] },
    { entries: [{ ...hunt, leg: 'l'.repeat(300) }] },
    { entries: [{ ...decision, detail: 'no JSON' }] },
    { entries: [{ ...decision, detail: '{"decision":5}' }] },
    { entries: [{ ...decision, detail: deep }] },
    { name: 'site a; rm', entries: [hunt] },
    { first: -1, entries: [hunt] },
    { v: 2, entries: [hunt] },
  ];
  for (const more of bad) await write(more as object);
  // More than an item may be, none at all, one that unpacks to 40 MB, other fields.
  await redis.xadd('f:journal', '*', 'by', 'x', 'item', 'z'.repeat(1024 * 1024));
  await redis.xadd('f:journal', '*', 'by', 'x', 'item', 'no item');
  await redis.xadd(
    'f:journal',
    '*',
    'by',
    'x',
    'item',
    deflateRawSync('0'.repeat(40e6)).toString('base64'),
  );
  await redis.xadd('f:journal', '*', 'anything', 'else');
  // Shows itself as what it is not, and claims a call that is another's.
  await write({
    entries: [
      { ...hunt, number: '1\u001b[2J\u202e' },
      { ...hunt, hunt: 'h1', number: '666' },
    ],
  });
  await has(b, 4);
  const calls = await b.calls();
  expect(calls.find(({ hunt: id }) => id === 'f1')).toMatchObject({
    ...{ instance: 'site-x', number: '1\\u001b[2J\\u202e' },
  });
  expect(await b.journal.ask('call', { id: 'h1', number: '', instance: 'site-b' })).toMatchObject({
    number: '040',
  });
  expect(await b.journal.ask('call', { id: 'h1', number: '', instance: 'site-a' })).toMatchObject({
    number: '030123',
  });
  expect(b.lines.filter((line) => line.includes('is not ours'))).toHaveLength(1);
  expect(await b.counted('missing')).toBe(0);

  // The last id that there is: nothing can be added behind it.
  await redis.xadd(
    'f:journal',
    '18446744073709551615-18446744073709551615',
    'by',
    'x',
    'item',
    'y',
  );
  // Also for whoever has read that far.
  await pause(1_200);
  a.record(...call('h2'));
  await has(b, 5);
  await redis.del('f:journal');
  await redis.set('f:journal', 'no stream');
  a.record(...call('h3'));
  await has(b, 6);
  await pause(600);
  expect((await b.figures({ instance: 'site-a' })).all).toMatchObject({ calls: 3, attempts: 6 });
});
