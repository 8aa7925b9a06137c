import type { Travelling } from '../../../src/calls/ports';
import { Travels } from '../../../src/calls/travels';
import type { Policy } from '../../../src/policy/policy';
import { frozen } from '../../../src/policy/trunk-snapshot';
import { policyOf, START } from '../../doubles/policies';

const TEXT = `version: 1
emergency: []
trunks: { carrier-a: { dial: { asterisk: "PJSIP/{number}@a" } } }
routes: [{ digits: "*", trunks: [carrier-a] }]
`;
const OFF = policyOf(TEXT);
const ON = policyOf(`${TEXT}travel: on\nsurvive: 2h\n`);

beforeEach(() => jest.useFakeTimers({ now: START }));
afterEach(() => jest.useRealTimers());

function setUp(first: Policy) {
  let policy = first;
  const told: (Travelling | undefined)[] = [];
  const failures: unknown[] = [];
  let answer: () => Promise<void> = () => Promise.resolve();
  const travels = new Travels({
    policy: () => policy,
    trunks: { ...frozen({ obstacles: {}, turn: 0 }), rationed: () => false },
    port: {
      reasonsKnown: false,
      travels: (travelling) => {
        told.push(travelling);
        return answer();
      },
    },
    generation: () => 'g-1',
    failed: (error) => failures.push(error),
    now: () => Date.now(),
  });
  return {
    travels,
    told,
    failures,
    become: (next: Policy) => (policy = next),
    respond: (next: () => Promise<void>) => (answer = next),
  };
}

it('many changes at once are told once', () => {
  const { travels, told } = setUp(ON);
  for (let time = 0; time < 5; time += 1) travels.changed();
  jest.advanceTimersByTime(200);
  expect(told).toMatchObject([
    {
      generation: 'g-1',
      until: START + 50 + 7_200_000,
      entries: [{ first: { trunk: 'carrier-a' } }],
    },
  ]);
});

it('is known: what was told, until when, and nothing where it could not be told or is taken back', async () => {
  const { travels, become, respond } = setUp(ON);
  const later = async () => {
    travels.changed();
    await jest.advanceTimersByTimeAsync(200);
    return travels.toldLast;
  };
  expect(await later()).toEqual({
    routes: { begin: 1, ask: {}, more: false },
    generation: 'g-1',
    until: START + 50 + 7_200_000,
  });
  respond(() => Promise.reject(new Error('away')));
  expect(await later()).toBeUndefined();
  respond(() => Promise.resolve());
  expect(await later()).toBeDefined();
  become(OFF);
  expect(await later()).toBeUndefined();
});

it('is told anew in time, so that only a crankback that is away lets it end', () => {
  const { told, travels } = setUp(ON);
  travels.changed();
  jest.advanceTimersByTime(3_600_000);
  expect(told.length).toBeGreaterThanOrEqual(4);
  for (const one of told.slice(1)) expect(one?.until).toBeGreaterThan(told[0]?.until ?? 0);
});

it('is taken back where the policy says so, and never told where it never said otherwise', () => {
  const never = setUp(OFF);
  never.travels.changed();
  jest.advanceTimersByTime(10_000_000);
  expect(never.told).toEqual([]);
  const { travels, told, become } = setUp(ON);
  travels.changed();
  jest.advanceTimersByTime(100);
  become(OFF);
  travels.changed();
  jest.advanceTimersByTime(10_000_000);
  expect(told.slice(1)).toEqual([undefined]);
});

it('what is still to be told is told at the end, which waits no longer than it may', async () => {
  const { travels, told, respond } = setUp(ON);
  respond(() => new Promise(() => undefined));
  travels.changed();
  const ended = travels.stop(2_000);
  await jest.advanceTimersByTimeAsync(2_000);
  await ended;
  expect(told).toHaveLength(1);
  jest.advanceTimersByTime(10_000_000);
  expect(told).toHaveLength(1);
  await travels.stop(2_000);
  expect(told).toHaveLength(1);
});

it('at the end is waited for where it is being told', async () => {
  const { travels, respond } = setUp(ON);
  let take = (): void => undefined;
  respond(() => new Promise((resolve) => (take = resolve)));
  travels.changed();
  await jest.advanceTimersByTimeAsync(100);
  let isOver = false;
  const ended = travels.stop(2_000).then(() => (isOver = true));
  await jest.advanceTimersByTimeAsync(100);
  expect(isOver).toBe(false);
  take();
  await ended;
});

it('a PBX that does not take it is told', async () => {
  const { travels, failures, respond } = setUp(ON);
  respond(() => Promise.reject(new Error('gone')));
  travels.changed();
  await jest.advanceTimersByTimeAsync(100);
  expect(failures).toEqual([new Error('gone')]);
});
