import winston from 'winston';
import { readEvent, type WantedEvent } from '../../../../../adapters/asterisk/ari/events';
import type { AriRest } from '../../../../../adapters/asterisk/ari/rest';
import { ObservedLegs } from '../../../../../adapters/asterisk/legs/observed-legs';
import { TrunkNames } from '../../../../../adapters/asterisk/trunks/trunk-names';
import { MirroredLegs } from '../../../../../adapters/shared/mirrored-legs';
import type {
  AbandonedAttempt,
  ObservedAttempt,
  ObservedCallOver,
  PbxListener,
  SipMirror,
  TimedLeg,
} from '../../../../../src/calls/ports';
import { recordedEvents } from '../../../../doubles/captures';

it('the mirror is told the Call-IDs of the legs that Asterisk dials, never a caller’s', () => {
  const dialled: string[] = [];
  const mirror: SipMirror = {
    sentFrom: () => undefined,
    dialled: (callId) => void dialled.push(callId),
    pingStatus: () => undefined,
    callIdOf: () => undefined,
    timesOf: () => undefined,
    leg: () => undefined,
    awaitFinal: () => Promise.resolve(undefined),
  };
  const observed = new ObservedLegs({
    rest: {} as AriRest,
    log: winston.createLogger({ silent: true }),
    now: () => 0,
    mirror,
    mirrored: new MirroredLegs(mirror),
    media: { configuredOffer: () => undefined },
    listener: () => undefined,
    trunks: () => new Map(),
    isObserved: () => false,
    trunkNames: () => new TrunkNames([]),
  });
  for (const recorded of recordedEvents('503')) {
    const event = readEvent(recorded);
    if (event !== undefined && event !== 'unusable') observed.apply(event);
  }
  // Of both attempts; the caller's is 1-193@172.30.77.30.
  expect(dialled).toHaveLength(new Set(dialled).size);
  expect(dialled).toContain('ff71386d-2eba-4e79-a157-922cea86b887');
  expect(dialled.filter((callId) => callId.includes('@'))).toEqual([]);
});

interface Replayed {
  readonly abandoned: readonly AbandonedAttempt[];
  readonly timed: readonly TimedLeg[];
  readonly observed: number;
  /** Attempts of the user's own dialplan and the ends of their calls, in order. */
  readonly own: readonly (ObservedAttempt | ObservedCallOver)[];
}

/** When each hunt began; Unix time in milliseconds. */
const STARTED = 1_795_239_432_947;
const HUNT = expect.stringMatching(`@${STARTED}$`) as string;

interface Replay {
  /** Leg A came to us as soon as it dialled, was left to its dialplan, and has told its attempt or not. */
  readonly isTold?: boolean;
  /** Its handovers after the first one, which is that of a call that has begun. */
  readonly isAsked?: boolean;
  /** Given each event before it counts. */
  readonly before?: (event: WantedEvent, legs: ObservedLegs) => void;
}

function replay(scenario: string, { isTold, isAsked = true, before }: Replay = {}): Replayed {
  const abandoned: AbandonedAttempt[] = [];
  const timed: TimedLeg[] = [];
  const own: (ObservedAttempt | ObservedCallOver)[] = [];
  let observed = 0;
  let now = 0;
  const listener = {
    abandoned: (attempt: AbandonedAttempt) => void abandoned.push(attempt),
    observed: (attempt: ObservedAttempt) => {
      observed += 1;
      own.push(attempt);
    },
    observedCallOver: (call: ObservedCallOver) => void own.push(call),
    callerGone: () => undefined,
    answered: () => undefined,
    timed: (leg: TimedLeg) => void timed.push(leg),
  } as unknown as PbxListener;
  const legs = new ObservedLegs({
    rest: {} as AriRest,
    log: winston.createLogger({ silent: true }),
    now: () => (now += 1),
    mirrored: new MirroredLegs(undefined),
    media: { configuredOffer: () => undefined },
    listener: () => listener,
    trunks: () => new Map(),
    isObserved: () => false,
    trunkNames: () =>
      new TrunkNames(
        ['carrier-a', 'carrier-b'].map((name) => ({
          name,
          dial: { asterisk: `PJSIP/{number}@${name}` },
          firstResponse: 1,
          ringTimeout: 1,
        })),
      ),
  });
  for (const recorded of recordedEvents(scenario)) {
    const event = readEvent(recorded);
    if (event === undefined || event === 'unusable') continue;
    before?.(event, legs);
    if (event.type !== 'StasisStart') legs.apply(event);
    else if (isAsked || event.args[1] === 'route')
      legs.told(event.channel.id, { number: '200', startedAt: STARTED, attempts: [] });
    if (isTold !== undefined && event.type === 'Dial' && event.caller)
      legs.declined(event.caller.id, isTold);
  }
  return { abandoned, timed, observed, own };
}

describe('a caller who leaves', () => {
  it('has left the attempt that was ringing: reported once, and not as a foreign one', () => {
    expect(replay('cancel')).toMatchObject({
      abandoned: [
        {
          huntId: HUNT,
          number: '200',
          trunk: 'carrier-a',
          evidence: [
            {
              source: 'channel-events',
              sip: 487,
              rang: true,
              progress: true,
              failedAfterMs: expect.any(Number) as number,
              origin: 'ours',
            },
          ],
        },
      ],
      observed: 0,
    });
  });

  it.each(['302', '486', '503', 'answer', 'ring-timeout', 'given-up', 'unregistered'])(
    'only: %s is reported by its handover or was answered',
    (scenario) => {
      expect(replay(scenario).abandoned).toEqual([]);
    },
  );
});

describe('a failure of which no report tells', () => {
  const nextDialled = (scenario: string, dialled: string, isAsked: boolean) => {
    const left: unknown[] = [];
    replay(scenario, {
      isAsked,
      // Where the recorded call asks, one that nobody can be asked about dials on.
      before: (event, legs) => {
        if (event.type === 'StasisStart' && event.args[1] === 'failed') {
          if (isAsked)
            legs.told(event.channel.id, { number: '200', startedAt: STARTED, attempts: [] });
          left.push(legs.leftUntold(event.channel.id, dialled));
        }
      },
    });
    return left;
  };

  it.each([
    ['503', 503],
    ['488', 488],
    ['486', 486],
  ])('shows by the next trunk that is dialled: %s', (scenario, sip) => {
    expect(nextDialled(scenario, 'PJSIP/carrier-b-00000009', false)).toMatchObject([
      {
        ...{ number: '200', startedAt: STARTED, attempts: [] },
        ...{ trunk: 'carrier-a', next: 'carrier-b', evidence: [{ sip, origin: 'far' }] },
      },
    ]);
  });

  it.each([
    ['of a report', 'PJSIP/carrier-b-00000009', true],
    ['of another leg of the same attempt', 'PJSIP/carrier-a-00000009', false],
    ['of a leg that is no trunk’s', 'PJSIP/1001-00000009', false],
  ])('is none because %s', (_, dialled, isAsked) => {
    expect(nextDialled('503', dialled, isAsked)).toEqual([undefined]);
  });

  it('is told when the caller is gone, if nothing more was dialled', () => {
    expect(replay('503', { isAsked: false }).abandoned).toMatchObject([
      { huntId: HUNT, trunk: 'carrier-a', evidence: [{ sip: 503, origin: 'far' }] },
    ]);
  });
});

describe('the times of a leg', () => {
  const told = (scenario: string) =>
    replay(scenario).timed.map(({ huntId, trunk, times }) => ({
      ...{ huntId, trunk },
      known: Object.keys(times).sort(),
    }));
  const known = (...names: string[]) => ['callId', 'id', 'invitedAt', ...names].sort();

  it('are told once it has failed, with its Call-ID', () => {
    expect(told('ring-503')[0]).toEqual({
      ...{ huntId: HUNT, trunk: 'carrier-a' },
      known: known('endedAt', 'rangAt'),
    });
  });

  it('are told at the answer, and again at the end', () => {
    expect(told('answer').map((one) => one.known)).toEqual([
      known('answeredAt'),
      known('answeredAt', 'endedAt'),
    ]);
  });

  it('are told of an attempt that its caller leaves, though the hunt ends first', () => {
    expect(told('cancel')).toEqual([
      { huntId: HUNT, trunk: 'carrier-a', known: known('endedAt', 'rangAt') },
    ]);
  });
});

describe("a call of the user's own dialplan", () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  it.each([
    ['observed-503', false],
    ['observed-486', false],
    ['observed-answer', true],
  ])(
    '%s: its attempt, who calls and what was dialled, and then its end',
    async (scenario, answered) => {
      const { own } = replay(scenario);
      await jest.advanceTimersByTimeAsync(1_000);
      expect(own).toMatchObject([
        {
          ...{ trunk: 'carrier-a', known: true, answered, number: '200' },
          caller: { extension: '9200', from: 'caller', context: 'from-caller' },
        },
        { answered },
      ]);
      const [attempt, over] = own as [ObservedAttempt, ObservedCallOver];
      expect(over.id).toBe(attempt.caller?.id);
      expect(attempt.caller?.callId).toMatch(/@/);
    },
  );

  it.each([
    ['has told its attempt: its end is no second one', true, 0],
    ['came before it dialled: its attempt is told at its end', false, 1],
  ])('that was left to its dialplan %s', (_, isTold, observed) => {
    expect(replay('observed-503', { isTold }).observed).toBe(observed);
  });

  it.each(['503', '486', 'answer', 'cancel'])('is none that came to us: %s', async (scenario) => {
    const { own } = replay(scenario);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(own).toEqual([]);
  });
});
