import { Handovers } from '../../../../../adapters/asterisk/handover/handovers';
import type { BegunCall, PbxListener } from '../../../../../src/calls/ports';
import { readEvent, type DialEvent } from '../../../../../adapters/asterisk/ari/events';
import { readVersions, TRAVELLED_FOLDER } from '../../../../../lab/record/recording';
import { NOTHING_AROUND } from './parts';

const STATE = '1/1795653231.051/p/k-1';
const STEP = '0123456789abc.k-1.carrier-a.0.';
const CALLER = { id: 'a1', name: 'PJSIP/phone-1', state: 'Ring' };

/** The first leg of a call that began without asking, as Asterisk tells it. */
function dial(step = STEP, peer = 'PJSIP/carrier-a-1'): DialEvent {
  const app_data = `PJSIP/201@carrier-a,30,iI,crankback-begun,1,${STATE},${step},alaw,from-phones`;
  return {
    type: 'Dial',
    timestamp: '2026-11-21T05:20:51.587+0000',
    dialstatus: '',
    caller: { ...CALLER, dialplan: { context: 'crankback-attempt', exten: '201', app_data } },
    peer: { id: peer, name: peer },
  };
}

const REPORT = {
  type: 'ChannelUserevent' as const,
  eventname: 'crankback-begun',
  channel: CALLER,
  userevent: { version: '1', number: '201', state: STATE, context: '', native: '', step: STEP },
};

function watching() {
  const told: BegunCall[] = [];
  const refused: unknown[] = [];
  const hunts = new Set<string>();
  const plans: string[] = [];
  const handovers = new Handovers({
    ...NOTHING_AROUND,
    log: { error: (_: string, about: { why: string }) => refused.push(about.why) } as never,
    reported: (channel) => void hunts.add(channel),
    isInHunt: (channel) => hunts.has(channel),
    planLeft: (_, { trunk }) => void plans.push(trunk),
    isUpToDate: (generation) => generation === 'k-1',
    listener: () =>
      ({ begun: (call: BegunCall) => void told.push(call) }) as Partial<PbxListener> as PbxListener,
  });
  return { handovers, told, refused, plans };
}

describe('a call that has begun without asking', () => {
  it('is told of when its first leg is dialled, with what it would have asked', () => {
    const { handovers, told, plans } = watching();
    handovers.dialled(dial());
    expect(told).toMatchObject([
      {
        trunk: 'carrier-a',
        upToDate: true,
        handover: {
          huntId: 'a1@1795653231051',
          event: { kind: 'route' },
          hunt: { number: '201', context: 'from-phones', attempts: [] },
        },
      },
    ]);
    expect(plans).toEqual(['carrier-a']);
  });

  it('is told of with its own caller, where the channel has the one that the trunk presents', () => {
    const from = (step: string) => {
      const { handovers, told } = watching();
      const event = dial(step);
      handovers.dialled({
        ...event,
        caller: { ...event.caller, ...CALLER, caller: { number: '100' } },
      });
      return told.map(({ handover }) => handover.hunt.from);
    };
    expect(from('p123456789abc.k-1.carrier-a.0..../+4930')).toEqual(['+4930']);
    expect(from('p0.k-1.carrier-a.0..../')).toEqual([undefined]);
    expect(from(STEP)).toEqual(['100']);
  });

  it('is told of once: each leg says it, and a report of its own where none may have', () => {
    const { handovers, told } = watching();
    handovers.dialled(dial());
    handovers.dialled(dial(STEP, 'PJSIP/carrier-a-2'));
    handovers.travelled(REPORT);
    expect(told).toHaveLength(1);
  });

  it('is told of by its report, where no leg was made or the dialplan is of before', () => {
    const { handovers, told } = watching();
    handovers.travelled(REPORT);
    handovers.travelled({ ...REPORT, eventname: 'of-a-user' });
    expect(told).toMatchObject([{ trunk: 'carrier-a' }]);
  });

  it('is not told of by the middle of an attempt, whose begin was missed', () => {
    const { handovers, told } = watching();
    handovers.dialled({ ...dial(), dialstatus: 'RINGING' });
    expect(told).toEqual([]);
  });

  it('is refused in the log where what is said cannot be read', () => {
    const { handovers, told, refused } = watching();
    handovers.dialled(dial('x'));
    expect([told, refused]).toEqual([[], [expect.stringContaining('the field "step"')]]);
  });
});

it.each([
  ['answer', [200]],
  ['503', [503]],
])('the recorded call %s began without asking, and is told of once', (name, carrier) => {
  const recorded = readVersions(TRAVELLED_FOLDER)[0]?.calls.find((call) => call.name === name);
  const { handovers, told, plans } = watching();
  for (const event of (recorded?.events ?? []).map(readEvent))
    if (typeof event === 'object' && event.type === 'Dial') handovers.dialled(event);
  expect(told).toMatchObject([{ trunk: 'carrier-a', handover: { hunt: { number: '200' } } }]);
  expect(plans).toEqual(['carrier-a']);
  expect(recorded?.wire).toEqual({
    carrier: expect.arrayContaining(carrier) as number[],
    caller: [100, 200],
  });
});
