import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ObservedLegs } from '../../../../../adapters/freeswitch/legs/observed-legs';
import { TrunkNames } from '../../../../../adapters/freeswitch/trunks/trunk-names';
import { MirroredLegs } from '../../../../../adapters/shared/mirrored-legs';
import type { ChannelData } from '../../../../../adapters/freeswitch/esl/channel-data';
import type {
  AbandonedAttempt,
  LegSip,
  ObservedAttempt,
  ObservedCallOver,
  PbxListener,
  SipMirror,
} from '../../../../../src/calls/ports';

/** End of a leg B of our own dialplan, as sofia tells it when the caller hangs up. */
const CANCELLED: ChannelData = {
  'Channel-Name': 'sofia/external/00200',
  'Hangup-Cause': 'ORIGINATOR_CANCEL',
  'Caller-Destination-Number': '00200',
  'Caller-Channel-Progress-Time': '1795239432947000',
  variable_originator: 'a',
  variable_crankback_ours: '1',
  variable_crankback_leg: 'attempt',
  variable_crankback_trunk: 'carrier-a',
  variable_sip_call_id: 'leg-b',
};

const PHONES = {
  name: 'phones',
  dial: { freeswitch: 'user/{number}@default' },
  ringTimeout: 30_000,
};

const GATEWAY = {
  name: 'carrier-a',
  dial: { freeswitch: 'sofia/gateway/carrier-a/{number}' },
  ringTimeout: 30_000,
};

function following(mirror?: Pick<SipMirror, 'leg' | 'awaitFinal'>, phones = PHONES) {
  const abandoned: AbandonedAttempt[] = [];
  const observed: ObservedAttempt[] = [];
  const over: ObservedCallOver[] = [];
  const listener = {
    observedCallOver: (call: ObservedCallOver) => void over.push(call),
    abandoned: (attempt: AbandonedAttempt) => void abandoned.push(attempt),
    observed: (attempt: ObservedAttempt) => void observed.push(attempt),
    answered: () => undefined,
    timed: () => undefined,
  } as unknown as PbxListener;
  const legs = new ObservedLegs({
    mirrored: new MirroredLegs(mirror as SipMirror | undefined, 60_000),
    mirror: undefined,
    now: () => 0,
    trunkNames: () => new TrunkNames([phones]),
    huntOf: () => 'hunt',
    whenTold: (_, done) => done(),
    listener: () => listener,
  });
  return { legs, abandoned, observed, over };
}

const expected = {
  huntId: 'hunt',
  number: '00200',
  trunk: 'carrier-a',
  evidence: [{ source: 'channel-events', sip: 487, rang: true, progress: true, origin: 'ours' }],
};

describe('an attempt that the caller has left', () => {
  it('is told when the caller is gone', () => {
    const { legs, abandoned } = following();
    legs.apply('b', true, CANCELLED);
    expect(abandoned).toEqual([]);
    legs.callerGone('a', 'hunt');
    expect(abandoned).toEqual([expected]);
  });

  it('is told when its leg ends after the caller', () => {
    const { legs, abandoned } = following();
    legs.callerGone('a', 'hunt');
    legs.apply('b', true, CANCELLED);
    expect(abandoned).toEqual([expected]);
  });

  it('is told once, however many legs it had', () => {
    const { legs, abandoned } = following();
    legs.apply('b', true, CANCELLED);
    legs.apply('c', true, CANCELLED);
    legs.callerGone('a', 'hunt');
    legs.apply('d', true, CANCELLED);
    expect(abandoned).toEqual([{ ...expected, otherLegs: [{ evidence: expected.evidence }] }]);
  });

  it.each<[string, (legs: ObservedLegs) => void]>([
    ['its handover has told it', (legs) => void legs.ended.ofAttempt('attempt')],
    [
      'it was answered on another leg',
      (legs) =>
        legs.apply('c', false, {
          ...CANCELLED,
          'Caller-Channel-Answered-Time': '1795239432947000',
        }),
    ],
  ])('is not told where %s', (_, before) => {
    const { legs, abandoned } = following();
    before(legs);
    legs.apply('b', true, CANCELLED);
    legs.callerGone('a', 'hunt');
    expect(abandoned).toEqual([]);
  });
});

it('a leg that was given up before its first response, and has no Call-ID yet, is known by its offer where it is answered late', async () => {
  const late: unknown[] = [];
  const offer = 'v=0\r\no=FreeSWITCH 1 2 IN IP4 192.0.2.1\r\n';
  const mirror = {
    callIdOf: (sdp: string) => (sdp === offer ? 'leg-b' : undefined),
    leg: () => undefined,
    awaitFinal: (callId: string) =>
      Promise.resolve(callId === 'leg-b' ? { kind: 'answered', subAttempts: [] } : undefined),
  } as unknown as SipMirror;
  const legs = new ObservedLegs({
    ...{ mirrored: new MirroredLegs(mirror), mirror, now: () => 1_795_239_434_000 },
    trunkNames: () => new TrunkNames([GATEWAY]),
    huntOf: () => 'hunt',
    whenTold: (_, done) => done(),
    listener: () => ({ lateAnswer: (one: unknown) => late.push(one) }) as unknown as PbxListener,
  });
  legs.apply('b', true, {
    'Channel-Name': 'sofia/external/00200',
    'Hangup-Cause': 'PROGRESS_TIMEOUT',
    'Caller-Channel-Created-Time': '1795239432947000',
    variable_originator: 'a',
    variable_crankback_ours: '1',
    variable_crankback_trunk: 'carrier-a',
    variable_sip_gateway_name: 'carrier-a',
    variable_rtp_local_sdp_str: offer,
  });
  await Promise.resolve();
  await Promise.resolve();
  expect(late).toEqual([{ trunk: 'carrier-a', leg: 'sofia/external/00200', huntId: 'hunt' }]);
});

it('an answer is told when what failed before it on its leg A has been told', () => {
  const told: string[] = [];
  const turns: (readonly [callerId: string, done: () => void])[] = [];
  const legs = new ObservedLegs({
    mirrored: new MirroredLegs(undefined),
    mirror: undefined,
    now: () => 0,
    trunkNames: () => new TrunkNames([{ ...PHONES, name: 'carrier-a' }]),
    huntOf: () => 'hunt',
    whenTold: (...turn) => void turns.push(turn),
    listener: () =>
      ({
        answered: (hunt: string, trunk: string) => void told.push(`${hunt} ${trunk}`),
        timed: () => undefined,
      }) as unknown as PbxListener,
  });
  legs.apply('b', false, { ...CANCELLED, 'Caller-Channel-Answered-Time': '1795239432947000' });
  expect([turns.map(([callerId]) => callerId), told]).toEqual([['a'], []]);
  for (const [, done] of turns) done();
  expect(told).toEqual(['hunt carrier-a']);
});

it('an observed attempt waits for its mirrored SIP, on FreeSWITCH too', async () => {
  const final: LegSip = {
    kind: 'failed',
    evidence: { source: 'hep', sip: 503, rang: false, progress: false, origin: 'far' },
  };
  let seen: LegSip | undefined;
  const { legs, observed } = following({
    leg: () => seen,
    awaitFinal: () => {
      seen = final;
      return Promise.resolve(final);
    },
  });
  legs.apply('b', true, {
    'Channel-Name': 'sofia/external/00200',
    'Hangup-Cause': 'NORMAL_TEMPORARY_FAILURE',
    variable_sip_term_status: '503',
    variable_sip_network_port: '5060',
    variable_sip_call_id: 'leg-b',
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(observed).toMatchObject([{ evidence: [{ source: 'channel-events' }, { source: 'hep' }] }]);
});

describe("phones that the user's own bridge rang", () => {
  const phone = (status: string, more: ChannelData = {}): ChannelData => ({
    'Channel-Name': 'sofia/internal/1004@192.0.2.7:5060',
    'Hangup-Cause': 'USER_BUSY',
    variable_originator: 'a',
    variable_dialed_user: '1004',
    variable_dialed_domain: 'default',
    variable_sip_term_status: status,
    variable_sip_reply_host: '192.0.2.7',
    ...more,
  });
  const statuses = ({ evidence, otherLegs = [] }: ObservedAttempt) =>
    [{ evidence }, ...otherLegs].map((leg) => leg.evidence[0]?.sip);

  it('are one attempt, told when their caller is gone', () => {
    const { legs, observed } = following();
    legs.apply('b', true, phone('503'));
    legs.apply('c', true, phone('486'));
    expect(observed).toEqual([]);
    legs.callerGone('a', undefined);
    expect(observed.map(statuses)).toEqual([[503, 486]]);
    expect(observed[0]).toMatchObject({ trunk: 'phones', known: true, answered: false });
    legs.callerGone('a', undefined);
    expect(observed).toHaveLength(1);
  });

  it('are two attempts one after the other', () => {
    const { legs, observed } = following();
    const at = (begun: number, over: number): ChannelData => ({
      'Caller-Channel-Created-Time': String(begun),
      'Caller-Channel-Hangup-Time': String(over),
    });
    legs.apply('b', true, phone('503', at(1_000, 2_000)));
    legs.apply('c', true, phone('486', at(3_000, 4_000)));
    legs.callerGone('a', undefined);
    expect(observed.map(statuses)).toEqual([[503], [486]]);
  });

  it('are an answer where one of them answered', () => {
    const { legs, observed } = following();
    const answer = { 'Caller-Channel-Answered-Time': '1795239432947000' };
    legs.apply('b', true, phone('503'));
    legs.apply('c', false, phone('200', answer));
    legs.apply('d', true, phone('487'));
    legs.apply('c', true, phone('200', answer));
    legs.callerGone('a', undefined);
    expect(observed.map(({ answered }) => answered)).toEqual([true]);
    expect(legs.tracked()).toMatchObject({ legs: 0, answered: 0 });
  });

  it('are left to the handover that reports them', () => {
    const { legs, observed } = following();
    legs.apply('b', true, phone('503'));
    expect(legs.ended.report('b')).toBe(false);
    expect(legs.ended.report('b')).toBe(true);
    legs.callerGone('a', undefined);
    expect(observed).toEqual([]);
  });

  it.each<[string, ChannelData, (legs: ObservedLegs) => void]>([
    ['nobody called them', { variable_originator: undefined }, () => undefined],
    ['their caller is gone', {}, (legs) => legs.callerGone('a', undefined)],
    ['it is no phone of a trunk', { variable_dialed_domain: 'another' }, () => undefined],
  ])('are told at once where %s', (_, more, before) => {
    const { legs, observed } = following();
    before(legs);
    legs.apply('b', true, phone('503', more));
    expect(observed.map(statuses)).toEqual([[503]]);
  });
});

describe('the times of a leg', () => {
  /** FreeSWITCH's clock is 5 s late. Milliseconds by it. */
  const SENT = 1_795_239_432_000;
  const micro = (ms: number) => String((SENT + ms) * 1000);
  const event = (sentMs: number, more: ChannelData = {}): ChannelData => ({
    'Unique-ID': 'b',
    'Channel-Name': 'sofia/external/00200',
    'Event-Date-Timestamp': micro(sentMs),
    'Caller-Channel-Created-Time': micro(0),
    variable_originator: 'a',
    variable_sip_call_id: 'leg-b',
    ...more,
  });
  const OURS = { variable_crankback_ours: '1', variable_crankback_trunk: 'carrier-a' };
  const answered = { 'Caller-Channel-Answered-Time': micro(500) };
  const over = { 'Caller-Channel-Hangup-Time': micro(9000), ...answered };

  function timing(huntOf: (callerId: string) => string | undefined = () => 'hunt') {
    const told: unknown[] = [];
    let now = SENT;
    const legs = new ObservedLegs({
      mirrored: new MirroredLegs(undefined),
      mirror: undefined,
      now: () => now,
      trunkNames: () => new TrunkNames([PHONES]),
      huntOf,
      whenTold: (_, done) => done(),
      listener: () =>
        ({
          timed: (leg: unknown) => told.push(leg),
          observed: ({ legId }: ObservedAttempt) => told.push({ legId }),
          abandoned: () => undefined,
          answered: () => undefined,
        }) as unknown as PbxListener,
    });
    const apply = (isOver: boolean, sentMs: number, more: ChannelData) => {
      now = SENT + 5000 + sentMs;
      legs.apply('b', isOver, event(sentMs, more));
    };
    return { legs, told, apply };
  }
  const times = (more: Readonly<Record<string, number>>) => ({
    ...{ id: 'b', callId: 'leg-b', invitedAt: SENT + 5000 },
    ...Object.fromEntries(Object.entries(more).map(([name, ms]) => [name, SENT + 5000 + ms])),
  });
  const at = (more: Readonly<Record<string, number>>) => ({
    ...{ huntId: 'hunt', trunk: 'carrier-a' },
    times: times(more),
  });

  it('are by our clock, whatever FreeSWITCH’s says', () => {
    const { told, apply } = timing();
    apply(false, 500, { ...OURS, ...answered, 'Caller-Channel-Progress-Time': micro(100) });
    apply(true, 9000, { ...OURS, ...over });
    expect(told).toEqual([
      at({ rangAt: 100, answeredAt: 500 }),
      at({ rangAt: 100, answeredAt: 500, endedAt: 9000 }),
    ]);
  });

  it('of an answer whose event was missed are told once more at the end, whole', () => {
    const { told, apply } = timing();
    apply(true, 9000, { ...OURS, ...over });
    expect(told.at(-1)).toEqual(at({ answeredAt: 500, endedAt: 9000 }));
  });

  it('of a failure are told, also where the caller is gone already', () => {
    const { legs, told, apply } = timing(() => undefined);
    apply(true, 300, { ...OURS, 'Caller-Channel-Hangup-Time': micro(300) });
    expect(told).toEqual([]);
    const other = timing(() => undefined);
    other.legs.callerGone('a', 'hunt');
    other.apply(true, 300, {
      ...{ ...OURS, 'Caller-Channel-Hangup-Time': micro(300) },
      variable_crankback_leg: 'attempt',
    });
    expect(other.told).toContainEqual(at({ endedAt: 300 }));
    expect(legs.tracked()['timings']).toBe(0);
  });

  it('of an attempt of the user’s own follow it, under the same id', () => {
    const { told, apply } = timing(() => undefined);
    apply(true, 300, { 'Caller-Channel-Hangup-Time': micro(300) });
    expect(told).toEqual([
      { legId: 'b' },
      { trunk: expect.any(String) as string, times: times({ endedAt: 300 }) },
    ]);
  });
});

describe("a call of the user's own dialplan", () => {
  const FAILED: ChannelData = {
    'Unique-ID': 'b',
    'Channel-Name': 'sofia/external/0301234',
    'Hangup-Cause': 'NORMAL_TEMPORARY_FAILURE',
    'Caller-Destination-Number': '0301234',
    'Other-Leg-Destination-Number': '90301234',
    'Other-Leg-Caller-ID-Number': '4930',
    'Other-Leg-Context': 'public',
    'Other-Leg-Channel-Name': 'sofia/internal/1001',
    variable_sip_term_status: '503',
    variable_originator: 'a',
  };

  beforeEach(() => {
    jest.useFakeTimers();
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  it.each([
    ['another far end', 'user/{number}@default', false],
    ['a phone of a trunk', 'user/{number}@127.0.0.1', true],
  ])('that FreeSWITCH’s own voicemail took has one attempt, at %s', async (_, dial, known) => {
    const file = join(__dirname, '../../../../captures/freeswitch-1.11.2-voicemail/events.jsonl');
    const { legs, observed, over } = following(undefined, {
      ...PHONES,
      dial: { freeswitch: dial },
    });
    for (const line of readFileSync(file, 'utf8').trim().split('\n')) {
      const event = JSON.parse(line) as ChannelData;
      const uuid = event['Unique-ID'] ?? '';
      const ended = event['Event-Name'] === 'CHANNEL_HANGUP_COMPLETE';
      const isAnswered = event['Caller-Channel-Answered-Time'] !== '0';
      if (event['Call-Direction'] === 'outbound') legs.apply(uuid, ended, event);
      else if (ended) legs.callerGone(uuid, undefined, isAnswered);
    }
    await jest.advanceTimersByTimeAsync(1_000);
    const id = '09643767-7821-4e07-9995-c7a7c39ef77e';
    const leg = 'sofia/internal/1001@127.0.0.1';
    const caller = { id, leg, extension: '1000', from: '1001', context: 'default' };
    expect(observed).toMatchObject([{ known, caller, answered: false }]);
    expect(over).toEqual([{ id, answered: true }]);
  });

  it('has its attempts, with who calls and what was dialled, and then its end', async () => {
    const { legs, observed, over } = following();
    legs.apply('b', true, FAILED);
    expect(over).toEqual([]);
    legs.callerGone('a', undefined, true);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(observed).toMatchObject([
      {
        number: '0301234',
        caller: {
          ...{ id: 'a', leg: 'sofia/internal/1001', extension: '90301234' },
          ...{ from: '4930', context: 'public' },
        },
      },
    ]);
    expect(over).toEqual([{ id: 'a', answered: true }]);
    legs.callerGone('a', undefined, true);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(over).toHaveLength(1);
  });

  it('ends after its last attempt, also if that waits for mirrored SIP', async () => {
    let told: (sip: undefined) => void = () => undefined;
    const { legs, observed, over } = following({
      leg: () => undefined,
      awaitFinal: () => new Promise((resolve) => (told = resolve)),
    });
    legs.apply('b', true, { ...FAILED, variable_sip_call_id: 'leg-b' });
    legs.callerGone('a', undefined);
    await jest.advanceTimersByTimeAsync(1_000);
    expect([observed, over]).toEqual([[], []]);
    told(undefined);
    await jest.advanceTimersByTimeAsync(1);
    expect([observed.length, over]).toEqual([1, [{ id: 'a', answered: false }]]);
  });

  it('is over if it is gone after a reconnect', async () => {
    const { legs, over } = following();
    legs.apply('b', true, FAILED);
    await legs.resynchronise([], () => Promise.resolve(undefined));
    await jest.advanceTimersByTimeAsync(1_000);
    expect(over).toEqual([{ id: 'a', answered: false }]);
  });
});
