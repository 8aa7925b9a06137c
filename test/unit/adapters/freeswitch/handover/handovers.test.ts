import { createLogger } from 'winston';
import { Handovers } from '../../../../../adapters/freeswitch/handover/handovers';
import type { ChannelData } from '../../../../../adapters/freeswitch/esl/channel-data';
import type { WaitingCall } from '../../../../../adapters/freeswitch/esl/outbound-server';
import { EndedLegs } from '../../../../../adapters/freeswitch/legs/legs';
import { TrunkNames } from '../../../../../adapters/freeswitch/trunks/trunk-names';
import { MirroredLegs } from '../../../../../adapters/shared/mirrored-legs';
import type { BegunCall, Handover } from '../../../../../src/calls/ports';

const START = 1_795_494_000_705_690;
const GENERATION = 'k3-7';
const TRUNK = {
  name: 'carrier-a',
  dial: { freeswitch: 'sofia/gateway/carrier-a/{number}' },
  firstResponse: 4000,
  ringTimeout: 30_000,
};

function setUp({ waitMs = 1, isObserved = true } = {}) {
  const dropped: string[] = [];
  const handed: Handover[] = [];
  const told: string[] = [];
  const asked: (readonly [string, number])[] = [];
  const legs = new EndedLegs();
  const awaited = jest.spyOn(legs, 'awaitEnd');
  const handovers = new Handovers({
    log: createLogger({ silent: true }),
    drop: (reason) => dropped.push(reason),
    reportContext: () => ({
      trunkNames: new TrunkNames([TRUNK]),
      legs,
      mirrored: new MirroredLegs(undefined),
    }),
    isOurs: () => true,
    codecs: () => [],
    legs,
    isObserved: () => isObserved,
    waitMs,
    isUpToDate: (generation, at) => {
      asked.push([generation, at]);
      return generation === GENERATION;
    },
    listener: () =>
      ({
        handover: (one: Handover) => {
          handed.push(one);
          told.push(`handover ${one.event.kind}`);
        },
        begun: ({ trunk, upToDate, handover }: BegunCall) =>
          void told.push(
            `begun ${trunk} ${handover.hunt.number} ${upToDate ? 'up to date' : 'outdated'}`,
          ),
        planned: (one: Handover) => void told.push(`planned ${one.event.kind}`),
        wentOn: ({ hunt }: Handover, trunk: string) =>
          void told.push(`${hunt.attempts.map((one) => one.trunk).join()} failed, on to ${trunk}`),
      }) as never,
  });
  return { handovers, legs, awaited, dropped, handed, told, asked };
}

function data(uuid: string, more: ChannelData = {}): ChannelData {
  return {
    'Unique-ID': uuid,
    'Event-Date-Timestamp': String(START + 20_000),
    'Channel-Name': 'sofia/lab/caller@192.0.2.1',
    variable_crankback_contract: '1',
    variable_crankback_asked: 'uuid-1',
    variable_crankback_event: 'route',
    variable_crankback_number: '4930123',
    variable_crankback_state: `1/${START}//`,
    ...more,
  };
}

const call = (): WaitingCall => ({
  answer: () => Promise.resolve(),
  isOver: () => false,
  release: () => undefined,
});

describe('hunts', () => {
  it('whose end was missed are forgotten, the oldest first', async () => {
    const { handovers, dropped } = setUp();
    for (let index = 0; index <= 20_000; index++) {
      await handovers.begin(data(`uuid-${index}`), call());
      handovers.take(handovers.huntOf(`uuid-${index}`) ?? '');
    }
    expect(dropped).toEqual([]);
    expect(handovers.tracked()).toMatchObject({ hunts: 20_000, waiting: 0 });
    expect(handovers.huntOf('uuid-0')).toBeUndefined();
    expect(handovers.huntOf('uuid-1')).toBeDefined();
  });

  it.each([undefined, 'none'])(
    'of which a frozen crankback hears when they have gone on are left alone: asked %p',
    async (asked) => {
      const { handovers, handed, dropped } = setUp();
      const release = jest.fn();
      const gone = data('uuid-1', { variable_crankback_asked: asked });
      await handovers.begin(gone, { ...call(), release });
      expect({ handed, dropped }).toEqual({ handed: [], dropped: ['handover-too-late'] });
      expect(release).toHaveBeenCalledTimes(1);
    },
  );

  it('keep that the name of a caller without a number cannot be sent, and of no other', async () => {
    const { handovers } = setUp();
    const hidesName = async (uuid: string, name: string): Promise<true | undefined> => {
      await handovers.begin(data(uuid, { 'Caller-Caller-ID-Name': name }), call());
      return handovers.take(handovers.huntOf(uuid) ?? '')?.hidesName;
    };
    expect(await hidesName('uuid-1', 'a "b" c')).toBe(true);
    expect(await hidesName('uuid-2', 'a b c')).toBeUndefined();
  });
});

describe('a bridge with more legs than any has', () => {
  it('is read by its first hundred, and counted', async () => {
    const { handovers, legs, awaited, dropped, handed } = setUp();
    const uuids = Array.from({ length: 10_000 }, (_, index) => `leg-${index}`);
    for (const uuid of uuids.slice(0, 200)) {
      legs.add(uuid, 'uuid-a', {
        'Channel-Name': 'sofia/lab/4930123',
        variable_sip_gateway_name: 'carrier-a',
        variable_sip_term_status: '503',
      });
    }
    const originated = `ARRAY::${uuids.map((uuid) => `${uuid};Outbound Call;226`).join('|:')}`;
    await handovers.begin(
      data('uuid-a', {
        variable_crankback_event: 'failed-only',
        variable_originated_legs: originated,
      }),
      call(),
    );
    expect(awaited).toHaveBeenCalledTimes(100);
    expect(dropped).toEqual(['legs-cut']);
    const [event] = handed.map((one) => one.event);
    expect(event?.kind === 'failed' && event.attempts.length).toBe(100);
  });
});

describe('a call that has begun without asking', () => {
  const BEGUN = data('uuid-a', {
    variable_crankback_asked: undefined,
    variable_crankback_state: `1/${START}//${GENERATION}`,
    variable_crankback_trunk: 'carrier-a',
    variable_crankback_leg: 'leg-of-attempt',
    variable_crankback_dialled: String(START + 1_000),
  });
  /** Its first attempt has failed, and it asks. */
  const FAILED = {
    ...BEGUN,
    variable_crankback_asked: 'uuid-1',
    variable_crankback_event: 'failed',
    variable_crankback_state: `1/${START}//${GENERATION}/carrier-a:488:`,
    variable_crankback_sip: '488',
  };
  const PLANNED = {
    ...FAILED,
    variable_crankback_asked: undefined,
    variable_crankback_state: `1/${START}//${GENERATION}/carrier-a:503:`,
    variable_crankback_sip: '503',
    variable_crankback_progress: 'b',
    variable_crankback_planned: '1',
  };
  const TOLD = 'begun carrier-a 4930123 up to date';

  it('is told with its trunk, and whether what it was told is what is decided at that time', () => {
    const { handovers, told, asked, dropped } = setUp();
    handovers.travelled('uuid-a', BEGUN);
    handovers.travelled('uuid-b', {
      ...BEGUN,
      'Unique-ID': 'uuid-b',
      variable_crankback_state: `1/${START}//k3-6`,
    });
    expect(told).toEqual([TOLD, 'begun carrier-a 4930123 outdated']);
    const at = Math.round((START + 20_000) / 1_000);
    expect(asked).toEqual([
      [GENERATION, at],
      ['k3-6', at],
    ]);
    expect(handovers.callers).toEqual(['uuid-a', 'uuid-b']);
    expect(dropped).toEqual([]);
  });

  it('is told before what follows it, in whatever order the two connections bring them', async () => {
    const { handovers, awaited, told, dropped } = setUp({ waitMs: 60_000 });
    awaited.mockResolvedValue(undefined);
    const asks = handovers.begin(FAILED, call());
    await new Promise(setImmediate);
    expect(told).toEqual([]);
    handovers.travelled('uuid-a', BEGUN);
    await asks;
    expect(told).toEqual([TOLD, 'handover failed']);
    await handovers.begin(FAILED, call());
    expect(told).toEqual([TOLD, 'handover failed', 'handover failed']);
    expect(dropped).toEqual([]);
  });

  it('is waited for no longer than for a planned step, and is not told behind what followed it', async () => {
    const { handovers, told, dropped } = setUp();
    await handovers.begin(FAILED, call());
    expect(handovers.travelled('uuid-a', BEGUN)).toBe(false);
    expect(told).toEqual(['handover failed']);
    expect(dropped).toEqual(['begun-too-late']);
  });

  it('goes on while nobody can be asked: that is told once, behind what was before it', async () => {
    const { handovers, awaited, told, dropped } = setUp();
    awaited.mockResolvedValue(undefined);
    const alone = {
      ...FAILED,
      variable_crankback_asked: 'none',
      variable_crankback_trunk: 'carrier-c',
      variable_crankback_next: 'dial',
    };
    handovers.travelled('uuid-a', BEGUN);
    expect(handovers.wentOn('uuid-a', alone)).toBe(true);
    expect(handovers.wentOn('uuid-a', alone)).toBe(false);
    await new Promise(setImmediate);
    expect(told).toEqual([TOLD, 'carrier-a failed, on to carrier-c']);
    expect(dropped).toEqual(['unattended-too-late']);
  });

  it('tells nothing again of a failure that was handed over, though its answer was not taken', async () => {
    const { handovers, told } = setUp();
    await handovers.begin(FAILED, call());
    expect(handovers.wentOn('uuid-a', { ...FAILED, variable_crankback_asked: 'none' })).toBe(false);
    await new Promise(setImmediate);
    expect(told).toEqual(['handover failed']);
  });

  it('is told once', () => {
    const { handovers, told, dropped } = setUp();
    expect(handovers.travelled('uuid-a', BEGUN)).toBe(true);
    expect(handovers.travelled('uuid-a', BEGUN)).toBe(false);
    expect(told).toEqual([TOLD]);
    expect(dropped).toEqual(['begun-too-late']);
  });

  it('is told before its planned step, which is told before the handover behind it', async () => {
    const { handovers, awaited, told, dropped } = setUp({ waitMs: 60_000 });
    awaited.mockResolvedValue(undefined);
    const asks = handovers.begin({ ...FAILED, variable_crankback_planned: '1' }, call());
    handovers.travelled('uuid-a', BEGUN);
    handovers.step('uuid-a', PLANNED);
    await asks;
    expect(told).toEqual([TOLD, 'planned failed', 'handover failed']);
    expect(dropped).toEqual([]);
  });

  it('is not waited for without the connection that would tell it', async () => {
    const { handovers, awaited, told } = setUp({ waitMs: 60_000, isObserved: false });
    awaited.mockResolvedValue(undefined);
    await handovers.begin(FAILED, call());
    expect(told).toEqual(['handover failed']);
  });

  it('is not waited for by a call that asked', async () => {
    const { handovers, told } = setUp({ waitMs: 60_000 });
    await handovers.begin(data('uuid-a'), call());
    expect(told).toEqual(['handover route']);
  });

  it('is not answered any more where the caller has gone meanwhile', async () => {
    const { handovers, awaited, told } = setUp({ waitMs: 60_000 });
    awaited.mockResolvedValue(undefined);
    const waiting = call();
    const asks = handovers.begin(FAILED, waiting);
    await new Promise(setImmediate);
    handovers.gone(waiting);
    handovers.travelled('uuid-a', BEGUN);
    await asks;
    expect(told).toEqual([TOLD]);
  });

  it('is refused, and counted, where its report is none', () => {
    const { handovers, told, dropped } = setUp();
    handovers.travelled('uuid-a', { ...BEGUN, variable_crankback_trunk: undefined });
    expect(told).toEqual([]);
    expect(dropped).toEqual(['contract']);
    expect(handovers.huntOf('uuid-a')).toBeUndefined();
  });
});
