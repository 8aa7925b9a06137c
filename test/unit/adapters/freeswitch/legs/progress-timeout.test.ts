import { ProgressTimeouts } from '../../../../../adapters/freeswitch/legs/progress-timeout';

const DUE = 15_000;
const LEG_A = '49e48bb1-8624-40df-aa04-c345e91a1fd8';
const LEG_B = '1405a685-25ba-4506-a969-1e6638eaf842';
const PHONE = '68cb0a22-ee71-47e1-bc17-30157e890b2d';

/** The attempt's name, on leg A and on each of its legs. */
const ATTEMPT = 'a22b0edf-6190-4152-9083-b9384f2135df';

/** @param legs which attempt each leg B belongs to */
function setUp(
  variables: Readonly<Record<string, string>>,
  legs: Readonly<Record<string, string>> = { [LEG_B]: ATTEMPT, [PHONE]: ATTEMPT },
) {
  const killed: string[] = [];
  const gaveUp: string[] = [];
  const timers = new ProgressTimeouts({
    observer: {
      ask: (command, args) => {
        if (command === 'uuid_kill') killed.push(args);
        const [uuid = '', name = ''] = args.split(' ');
        if (uuid !== LEG_A && name === 'crankback_leg') return Promise.resolve(legs[uuid]);
        return Promise.resolve(variables[name]);
      },
    },
    gaveUp: (legA) => gaveUp.push(legA),
  });
  return { timers, killed, gaveUp };
}

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  expect(jest.getTimerCount()).toBe(0);
  jest.useRealTimers();
});

const TRYING = {
  crankback_leg: ATTEMPT,
  crankback_progress: 'b',
  originated_legs: `${LEG_B};Outbound Call;200`,
};

describe('an attempt of which nothing but a 100 has come', () => {
  it('is given up when its time is over, and not before', async () => {
    const { timers, killed, gaveUp } = setUp(TRYING);
    timers.arm(LEG_A, DUE);
    await jest.advanceTimersByTimeAsync(DUE - 1);
    expect(killed).toEqual([]);
    await jest.advanceTimersByTimeAsync(1);
    expect(killed).toEqual([`${LEG_B} PROGRESS_TIMEOUT`]);
    expect([gaveUp, timers.size]).toEqual([[LEG_A], 0]);
  });

  it('is given up on each of its phones', async () => {
    const { timers, killed } = setUp({
      ...TRYING,
      originated_legs: `ARRAY::${LEG_B};Outbound Call;200|:${PHONE};Outbound Call;200`,
    });
    timers.arm(LEG_A, DUE);
    await jest.advanceTimersByTimeAsync(DUE);
    expect(killed).toEqual([`${LEG_B} PROGRESS_TIMEOUT`, `${PHONE} PROGRESS_TIMEOUT`]);
  });

  it('begins anew with the next attempt of the call', async () => {
    const { timers, killed } = setUp(TRYING);
    timers.arm(LEG_A, DUE);
    await jest.advanceTimersByTimeAsync(DUE - 1);
    timers.arm(LEG_A, DUE);
    await jest.advanceTimersByTimeAsync(DUE - 1);
    expect(killed).toEqual([]);
    timers.disarmAll();
  });
});

it.each([
  ['has rung or sends early media', { ...TRYING, crankback_progress: 'a' }],
  ['was answered at once', { ...TRYING, crankback_answered: '1' }],
  ['is gone with its caller', {}],
  ['has no leg', { crankback_leg: ATTEMPT, crankback_progress: 'b' }],
  ['is in a call that FreeSWITCH does not know', { crankback_progress: '-ERR No such channel!\n' }],
])('an attempt that %s is left alone', async (_, variables) => {
  const { timers, killed, gaveUp } = setUp(variables);
  timers.arm(LEG_A, DUE);
  await jest.advanceTimersByTimeAsync(DUE);
  expect([killed, gaveUp, timers.size]).toEqual([[], [], 0]);
});

it.each([
  ['has ended', '-ERR No such channel!\n'],
  ['belongs to an earlier attempt', 'b22b0edf-6190-4152-9083-b9384f2135df'],
  ["is of the user's own fallback", '_undef_'],
])('a leg that %s is left alone', async (_, name) => {
  const { timers, killed } = setUp(
    { ...TRYING, originated_legs: `ARRAY::${PHONE};Outbound Call;200|:${LEG_B};Outbound Call;200` },
    { [PHONE]: name, [LEG_B]: ATTEMPT },
  );
  timers.arm(LEG_A, DUE);
  await jest.advanceTimersByTimeAsync(DUE);
  expect(killed).toEqual([`${LEG_B} PROGRESS_TIMEOUT`]);
});

it('an attempt that ends during the questions is left alone', async () => {
  const { timers, killed } = setUp(TRYING);
  timers.arm(LEG_A, DUE);
  jest.advanceTimersByTime(DUE);
  timers.disarm(LEG_A);
  await jest.runAllTimersAsync();
  expect(killed).toEqual([]);
});
