import { createLogger } from 'winston';
import { Handovers } from '../../../../../adapters/freeswitch/handover/handovers';
import type { ChannelData } from '../../../../../adapters/freeswitch/esl/channel-data';
import type { WaitingCall } from '../../../../../adapters/freeswitch/esl/outbound-server';
import { EndedLegs } from '../../../../../adapters/freeswitch/legs/legs';
import { TrunkNames } from '../../../../../adapters/freeswitch/trunks/trunk-names';
import { MirroredLegs } from '../../../../../adapters/shared/mirrored-legs';
import type { Handover } from '../../../../../src/calls/ports';

const START = 1_795_494_000_705_690;
const TRUNK = {
  name: 'carrier-a',
  dial: { freeswitch: 'sofia/gateway/carrier-a/{number}' },
  firstResponse: 4000,
  ringTimeout: 30_000,
};

function setUp() {
  const dropped: string[] = [];
  const handed: Handover[] = [];
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
    isObserved: () => true,
    waitMs: 1,
    isUpToDate: () => true,
    listener: () => ({ handover: (one: Handover) => void handed.push(one) }) as never,
  });
  return { handovers, legs, awaited, dropped, handed };
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
