import { FirstResponseTimers } from '../../../../../adapters/asterisk/legs/first-response';
import type { LegRecord } from '../../../../../adapters/asterisk/legs/legs';

const DUE = 4000;

function legOf(more: Partial<LegRecord> = {}): LegRecord {
  return {
    id: 'leg-b',
    name: 'PJSIP/carrier-a-00000008',
    callerId: 'leg-a',
    dialledAt: 0,
    counted: false,
    dialled: '',
    rang: false,
    progress: false,
    answered: false,
    dialStatus: '',
    forwarded: false,
    ...more,
  };
}

/** Timers over a clock that can be frozen: jest's fake clock plus what was slept through. */
function setUp(
  asterisk: {
    lastResponse?: string;
    state?: string | undefined;
    fails?: string;
    sentAt?: number;
  } = {},
) {
  let slept = 0;
  const calls: string[] = [];
  const answer = <T>(call: string, value: T): Promise<T> => {
    calls.push(call);
    return asterisk.fails === call.split(' ')[0]
      ? Promise.reject(new Error('ECONNREFUSED'))
      : Promise.resolve(value);
  };
  const state = 'state' in asterisk ? asterisk.state : 'Down';
  const gaveUp: string[] = [];
  const failed: string[] = [];
  const timers = new FirstResponseTimers(
    {
      lastResponse: (legA, legB) => answer(`lastResponse ${legA} ${legB}`, asterisk.lastResponse),
      channelState: (id) => answer(`channelState ${id}`, state),
      hangup: (id, cause) => answer(`hangup ${id} ${cause}`, undefined),
    },
    () => Date.now() + slept,
    () => asterisk.sentAt,
    (leg) => gaveUp.push(leg.id),
    (leg, error) => failed.push(`${leg.id}: ${(error as Error).message}`),
  );
  return {
    timers,
    calls,
    gaveUp,
    failed,
    hungUp: () => calls.filter((call) => call.startsWith('hangup')),
    freeze: (ms: number) => (slept += ms),
  };
}

/** Also runs what a timer leaves to the next turn of the event loop. */
async function pass(ms: number): Promise<void> {
  await jest.advanceTimersByTimeAsync(ms);
  await jest.advanceTimersByTimeAsync(1);
}

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  expect(jest.getTimerCount()).toBe(0);
  jest.useRealTimers();
});

describe('a leg from which nothing has come when its time is over', () => {
  it('is ended with cause 38, once, and not a moment before', async () => {
    const { timers, calls, gaveUp } = setUp();
    timers.arm(legOf(), DUE);
    await pass(DUE - 2);
    expect(calls).toEqual([]);
    await pass(1);
    expect(calls).toEqual([
      'lastResponse leg-a PJSIP/carrier-a-00000008',
      'channelState leg-b',
      'hangup leg-b 38',
    ]);
    expect(gaveUp).toEqual(['leg-b']);
    expect(timers.size).toBe(0);
  });

  it('is known to be given up before Asterisk has ended it, for then the call is handed over', async () => {
    const { timers, calls } = setUp();
    const leg = legOf();
    let known: true | undefined;
    const push = calls.push.bind(calls);
    calls.push = (...made: string[]) => {
      if (made[0]?.startsWith('hangup')) known = leg.givenUp;
      return push(...made);
    };
    timers.arm(leg, DUE);
    await pass(DUE);
    expect([known, leg.givenUp]).toEqual([true, true]);
  });

  it('is not taken for given up if Asterisk refuses to end it', async () => {
    const { timers } = setUp({ fails: 'hangup' });
    const leg = legOf();
    timers.arm(leg, DUE);
    await pass(DUE);
    expect(leg.givenUp).toBeUndefined();
  });
});

describe('a leg is left alone', () => {
  it.each([
    ['when a 100 has come', { lastResponse: 'SIP 100 Trying' }, {}],
    ['when it is ringing by now', { state: 'Ringing' }, {}],
    ['when it is answered by now', { state: 'Up' }, {}],
    ['when it is gone', { state: undefined }, {}],
    ['when its ringing was seen', {}, { rang: true }],
    ['when its progress was seen', {}, { progress: true }],
    ['when its answer was seen', {}, { answered: true }],
    ['when nobody called it', {}, { callerId: undefined as unknown as string }],
  ])('%s', async (_, asterisk, leg) => {
    const { timers, hungUp, gaveUp, failed } = setUp(asterisk);
    timers.arm(legOf(leg), DUE);
    await pass(DUE * 10);
    expect([hungUp(), gaveUp, failed, timers.size]).toEqual([[], [], [], 0]);
  });

  it('when it was disarmed in time', async () => {
    const { timers, calls } = setUp();
    timers.arm(legOf(), DUE);
    timers.disarm('leg-b');
    expect(timers.size).toBe(0);
    await pass(DUE * 10);
    expect(calls).toEqual([]);
  });

  it('when all are disarmed', async () => {
    const { timers, calls } = setUp();
    for (const id of ['b1', 'b2', 'b3']) timers.arm(legOf({ id }), DUE);
    expect(timers.size).toBe(3);
    timers.disarmAll();
    expect(timers.size).toBe(0);
    await pass(DUE * 10);
    expect(calls).toEqual([]);
  });

  it.each(['rang', 'progress', 'answered'] as const)(
    'when an event said %s while Asterisk was being asked',
    async (what) => {
      const { timers, hungUp, calls } = setUp();
      const leg = legOf();
      timers.arm(leg, DUE);
      const push = calls.push.bind(calls);
      calls.push = (...made: string[]) => {
        leg[what] = true;
        return push(...made);
      };
      await pass(DUE);
      expect(hungUp()).toEqual([]);
    },
  );
});

describe('a leg that lives on after a final response has another INVITE under way', () => {
  it.each([
    ['a challenge', 'SIP 401 Unauthorized'],
    ['a challenge of a proxy', 'SIP 407 Proxy Authentication Required'],
    ['a session interval that was too short', 'SIP 422 Session Interval Too Small'],
    ['the first SRV host', 'SIP 503 Service Unavailable'],
  ])('its time begins anew, once, after %s', async (_, lastResponse) => {
    const { timers, hungUp, gaveUp } = setUp({ lastResponse });
    timers.arm(legOf(), DUE);
    await pass(DUE * 2 - 2);
    expect(hungUp()).toEqual([]);
    await pass(10);
    expect(hungUp()).toEqual(['hangup leg-b 38']);
    expect([gaveUp, timers.size]).toEqual([['leg-b'], 0]);
  });

  it('its time begins when mirrored SIP says that it was sent', async () => {
    const { timers, hungUp } = setUp({
      lastResponse: 'SIP 407 Proxy Authentication Required',
      sentAt: Date.now() + 300,
    });
    timers.arm(legOf(), DUE);
    await pass(DUE + 290);
    expect(hungUp()).toEqual([]);
    await pass(20);
    expect(hungUp()).toEqual(['hangup leg-b 38']);
  });

  it('it is left alone once its own response has come', async () => {
    const asterisk = { lastResponse: 'SIP 401 Unauthorized' };
    const { timers, hungUp } = setUp(asterisk);
    timers.arm(legOf(), DUE);
    await pass(DUE + 10);
    asterisk.lastResponse = 'SIP 100 Trying';
    await pass(DUE * 10);
    expect([hungUp(), timers.size]).toEqual([[], 0]);
  });

  it('another final response begins the time once more', async () => {
    const asterisk = { lastResponse: 'SIP 401 Unauthorized' };
    const { timers, hungUp } = setUp(asterisk);
    timers.arm(legOf(), DUE);
    await pass(DUE + 10);
    asterisk.lastResponse = 'SIP 422 Session Interval Too Small';
    await pass(DUE + 10);
    expect(hungUp()).toEqual([]);
    await pass(DUE + 10);
    expect(hungUp()).toEqual(['hangup leg-b 38']);
  });
});

describe('after the process was frozen', () => {
  it('nothing is ended until the events of meanwhile were read', async () => {
    const { timers, calls, freeze, hungUp } = setUp();
    const leg = legOf();
    timers.arm(leg, DUE);
    freeze(60_000);
    await pass(DUE);
    expect(calls).toEqual([]);
    expect(timers.size).toBe(1);
    // The events of meanwhile.
    leg.rang = true;
    timers.disarm(leg.id);
    await pass(60_000);
    expect(hungUp()).toEqual([]);
  });

  it('a leg that is still silent is ended a little later', async () => {
    const { timers, freeze, hungUp } = setUp();
    timers.arm(legOf(), DUE);
    freeze(60_000);
    await pass(DUE);
    expect(hungUp()).toEqual([]);
    await pass(1000);
    expect(hungUp()).toEqual(['hangup leg-b 38']);
    expect(timers.size).toBe(0);
  });

  it('one poll phase passes even without any lag', async () => {
    const { timers, calls } = setUp();
    timers.arm(legOf(), DUE);
    jest.advanceTimersByTime(DUE - 1);
    // The timer fires, and the event that was waiting in the socket is read right behind it.
    jest.advanceTimersToNextTimer();
    timers.disarm('leg-b');
    await pass(1000);
    expect(calls).toEqual([]);
  });
});

describe('an Asterisk that does not answer', () => {
  it.each(['lastResponse', 'channelState', 'hangup'])(
    'is reported and nothing is given up (%s)',
    async (fails) => {
      const { timers, gaveUp, failed } = setUp({ fails });
      timers.arm(legOf(), DUE);
      await pass(DUE * 10);
      expect([gaveUp, failed, timers.size]).toEqual([[], ['leg-b: ECONNREFUSED'], 0]);
    },
  );
});

describe('a leg that is armed twice', () => {
  it('has the later time only', async () => {
    const { timers, hungUp } = setUp();
    timers.arm(legOf(), DUE);
    timers.arm(legOf(), DUE * 2);
    expect(timers.size).toBe(1);
    await pass(DUE);
    expect(hungUp()).toEqual([]);
    await pass(DUE);
    expect(hungUp()).toHaveLength(1);
  });
});
