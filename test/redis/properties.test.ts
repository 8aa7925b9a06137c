import fc from 'fast-check';
import { Redis } from 'ioredis';
import { COMMAND_TIMEOUT_MS } from '../../adapters/redis/options';
import { RedisServer } from '../../lab/redis/server';
import type { HealthStore } from '../../src/trunks/health/health-store';
import { pause, until } from '../doubles/until';
import { redisProgram } from './programs';
import { answer, fail, redisStore, times, type StoreUnderTest } from './stores';

jest.setTimeout(60_000);

/** Redis's clock cannot be handed in, so these runs take real time: few of them, each with many steps. */
const RUNS = 4;
const STEPS = 120;
const STEP_MS = 8;
/** A pulse comes within a second, and its command is given up after another one. */
const NOTICED_MS = COMMAND_TIMEOUT_MS + 1_500;

let server: RedisServer;
let stores: StoreUnderTest[] = [];
let prefixes = 0;

beforeAll(async () => void (server = await RedisServer.start(redisProgram())));
afterAll(() => server.kill());

async function instances(count: number, settings: object): Promise<HealthStore[]> {
  const prefix = `p${++prefixes}:`;
  stores = Array.from({ length: count }, () => redisStore(server.port, settings, prefix));
  for (const { store } of stores) store.start();
  await until(() => stores.every(({ lines }) => lines.some((line) => line.includes('shared'))));
  return stores.map(({ store }) => store);
}

const stopAll = () => Promise.all(stores.map(({ store }) => store.stop()));

/** A call on trial and the hold that it is to end. */
interface Trial {
  readonly store: HealthStore;
  readonly hunt: string;
  readonly hold: string | undefined;
}

it('permits in use never exceed probe_calls over all instances, whatever the calls come to', async () => {
  const step = fc.record({
    by: fc.nat({ max: 3 }),
    act: fc.constantFrom('call', 'call', 'call', 'works', 'fault', 'nothing', 'gone'),
  });
  const run = fc.record({
    probeCalls: fc.integer({ min: 1, max: 3 }),
    steps: fc.array(step, { minLength: STEPS, maxLength: STEPS }),
  });
  let tried = 0;
  await fc.assert(
    fc.asyncProperty(run, async ({ probeCalls, steps }) => {
      const all = await instances(4, { probeCalls, cooldown: 40, maxCooldown: 80 });
      try {
        let under: Trial[] = [];
        for (const [index, { by, act }] of steps.entries()) {
          const store = all[by] as HealthStore;
          const { access, hold } = store.read('a');
          if (act === 'call' && access === 'open') times(5, () => fail(store, 'trunk-congested'));
          if (act === 'call' && access === 'probe') {
            const hunt = `h${index}`;
            if (store.reserve('a', hunt)) under.push({ store, hunt, hold: hold?.id });
            tried += 1;
          }
          const over = act === 'call' ? undefined : under.shift();
          if (act === 'works' && over) answer(over.store, over.hunt);
          if (act === 'fault' && over) fail(over.store, 'trunk-timeout', over.hunt);
          if (act === 'nothing' && over) fail(over.store, 'invalid-number', over.hunt);
          if (act === 'gone' && over) over.store.abandon(over.hunt);
          // A call that outlives its trial, because another one decided it, says nothing any more.
          under = under.filter((one) => {
            const now = one.store.read('a');
            return now.phase === 'half-open' && now.hold?.id === one.hold;
          });
          expect(under.length).toBeLessThanOrEqual(probeCalls);
          await pause(STEP_MS);
        }
      } finally {
        await stopAll();
      }
    }),
    { numRuns: RUNS, endOnFailure: true },
  );
  // Or the property would have held for nothing.
  expect(tried).toBeGreaterThan(RUNS);
});

it('nothing is counted twice, however often Redis freezes', async () => {
  const ratio = { share: 1, minimum: 9999, window: 30_000 };
  const neverTrips = { consecutive: 1000, distinctNumbers: 1, ratio };
  const [first, second] = await instances(2, { trip: neverTrips });
  await until(() => stores.every(isUp));
  const outages = () =>
    stores.map(({ lines }) => lines.filter((line) => /cannot be/.test(line)).length);
  const before = outages();
  const client = new Redis({ port: server.port, host: '127.0.0.1', protocol: 2 });
  let faults = 0;
  const someFaults = (count: number) => {
    faults += 2 * count;
    for (const store of [first!, second!]) times(count, () => fail(store, 'trunk-congested'));
  };
  try {
    for (const count of [7, 11]) {
      someFaults(count);
      // In the middle of the second in which it is told, and long enough to count as lost.
      await pause(300 + count * 50);
      server.freeze();
      someFaults(count);
      await pause(NOTICED_MS);
      server.thaw();
      someFaults(count);
      await until(() => stores.every(isUp));
      await pause(1500);
    }
    const tally = await client.hgetall(`p${prefixes}:{a}:tally`);
    const told = Object.entries(tally)
      .filter(([field]) => field.startsWith('f'))
      .reduce((sum, [, value]) => sum + Number(value), 0);
    expect(told).toBe(faults);
    // One line for each freeze.
    expect(outages().map((count, index) => count - (before[index] ?? 0))).toEqual([2, 2]);
  } finally {
    server.thaw();
    client.disconnect();
    await stopAll();
  }
});

/** Whether its latest word is that health is shared. */
function isUp({ lines }: StoreUnderTest): boolean {
  return lines.at(-1)?.includes('is shared') === true;
}
