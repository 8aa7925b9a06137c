import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Handovers } from '../../../../../adapters/asterisk/handover/handovers';
import type { DialEvent } from '../../../../../adapters/asterisk/ari/events';
import { newLeg, type LegRecord } from '../../../../../adapters/asterisk/legs/legs';
import type {
  HuntAsTold,
  UntoldAttempt,
} from '../../../../../adapters/asterisk/legs/observed-legs';
import {
  contextAfter,
  type PlannedAttempt,
} from '../../../../../adapters/asterisk/plan/planned-step';
import { TrunkNames } from '../../../../../adapters/asterisk/trunks/trunk-names';
import type { Handover, PbxListener, PlannedSlot } from '../../../../../src/calls/ports';
import { PLANNED_STATUSES } from '../../../../../src/model/planned';
import { NOTHING_AROUND } from '../handover/parts';

const PLAN: PlannedAttempt = {
  number: '201',
  startedAt: 1_795_653_231_051,
  attempts: [],
  trunk: 'carrier-a',
};
const FAILED = newLeg({ id: 'b1', name: 'PJSIP/carrier-a-00000002' }, 'a1', 0);
const NEXT = newLeg({ id: 'b2', name: 'PJSIP/carrier-b-00000003' }, 'a1', 0);
const CALLER = { id: 'a1', name: 'PJSIP/caller-00000001', state: 'Ring' };
/** As a real Asterisk 22.10 tells of a planned attempt. */
const DIAL = {
  type: 'Dial',
  timestamp: '2026-11-26T02:20:51.587+0000',
  dialstatus: '',
  caller: { ...CALLER, dialplan: { context: 'crankback-after-503' } },
  peer: { id: 'b2', name: NEXT.name },
} as const;
const USER_EVENT = {
  type: 'ChannelUserevent',
  eventname: 'crankback',
  userevent: {},
  channel: CALLER,
} as const;

/** A handover of the dialplan with this history. */
function handedOver(history: string) {
  return {
    type: 'StasisStart' as const,
    channel: CALLER,
    args: ['1', 'failed', 'number=201', `state=1/1795653231.051/p/k-1/${history}`].concat([
      'trunk=carrier-b',
      'leg=',
      'dialstatus=CHANUNAVAIL',
      'cause=0',
    ]),
  };
}

function watching(legs: readonly LegRecord[]) {
  const told: [Handover, PlannedSlot][] = [];
  let handovers = 0;
  let plan: PlannedAttempt | undefined = PLAN;
  const listener = {
    planned: (handover: Handover, slot: PlannedSlot) => void told.push([handover, slot]),
    handover: () => void handovers++,
  } as Partial<PbxListener> as PbxListener;
  const trunks = ['carrier-a', 'carrier-b'].map((name) => ({
    name,
    dial: { asterisk: `PJSIP/{number}@${name}` },
    firstResponse: 1,
    ringTimeout: 1,
  }));
  const seen = new Handovers({
    ...NOTHING_AROUND,
    reportContext: (...about) => ({
      ...NOTHING_AROUND.reportContext(...about),
      trunkNames: new TrunkNames(trunks),
      legs: { latestOf: (_, isWanted) => legs.findLast(isWanted) },
    }),
    takePlan: (channel) => {
      const taken = channel === CALLER.id ? plan : undefined;
      if (taken) plan = undefined;
      return taken;
    },
    listener: () => listener,
  });
  return { seen, told, handovers: () => handovers };
}

describe('a step that the dialplan took while nobody could be asked', () => {
  const wentOn = (untold: UntoldAttempt | undefined, dial: DialEvent = ALONE) => {
    const told: [Handover, string][] = [];
    const reported: (readonly [string, HuntAsTold])[] = [];
    const seen = new Handovers({
      ...NOTHING_AROUND,
      leftUntold: (channel, dialled) =>
        channel === CALLER.id && dialled === NEXT.name ? untold : undefined,
      reported: (...about) => void reported.push(about),
      listener: () =>
        ({
          wentOn: (...about: [Handover, string]) => void told.push(about),
        }) as Partial<PbxListener> as PbxListener,
    });
    seen.dialled(dial);
    return { told, reported };
  };
  const ALONE = { ...DIAL, caller: { ...CALLER, dialplan: { context: 'crankback-attempt' } } };
  const UNTOLD: UntoldAttempt = {
    ...{ ...PLAN, leg: { ...FAILED, farEnd: { cause: 58, techCause: 488 } }, next: 'carrier-b' },
    evidence: [{ source: 'channel-events', rang: false, progress: false, sip: 488, origin: 'far' }],
  };

  it('is told when the next trunk is dialled, with the failure before it', () => {
    const { told, reported } = wentOn(UNTOLD);
    const attempts = [{ trunk: 'carrier-a', sip: 488, rang: false }];
    expect(told).toMatchObject([
      [
        {
          ...{ huntId: 'a1@1795653231051', leg: CALLER.name, hunt: { number: '201', attempts } },
          event: { kind: 'failed', attempts: [{ trunk: 'carrier-a', evidence: [{ sip: 488 }] }] },
        },
        'carrier-b',
      ],
    ]);
    // So it is told once, and the next one behind it.
    expect(reported).toEqual([['a1', { number: '201', startedAt: PLAN.startedAt, attempts }]]);
  });

  it('may have no status', () => {
    const [[handover] = []] = wentOn({ ...UNTOLD, leg: FAILED }).told;
    expect(handover?.hunt.attempts).toEqual([{ trunk: 'carrier-a', rang: false }]);
  });

  it('is none without such a failure, or in the middle of an attempt', () => {
    expect(wentOn(undefined).told).toEqual([]);
    expect(wentOn(UNTOLD, { ...ALONE, dialstatus: 'RINGING' }).told).toEqual([]);
  });
});

describe('a step that the dialplan took by a plan', () => {
  it('shows by the context of what is dialled next', () => {
    const { seen, told } = watching([FAILED]);
    seen.dialled(DIAL);
    const said = { sip: 503, phrase: 'Service Unavailable', rang: false };
    expect(told).toMatchObject([
      [
        {
          huntId: 'a1@1795653231051',
          leg: CALLER.name,
          at: Date.parse(DIAL.timestamp),
          hunt: { number: '201', attempts: [{ trunk: 'carrier-a', sip: 503, rang: false }] },
          event: { kind: 'failed', attempts: [{ trunk: 'carrier-a', evidence: [said, {}] }] },
        },
        { sip: 503, afterProgress: false },
      ],
    ]);
  });

  it('is told once, however often the attempt is spoken of', () => {
    const { seen, told } = watching([FAILED, NEXT]);
    seen.dialled(DIAL);
    seen.dialled({ ...DIAL, dialstatus: 'RINGING' });
    seen.begin(handedOver('carrier-a:503:0/carrier-b:503:0'));
    expect(told).toHaveLength(1);
  });

  it('shows by the history of the next handover where no leg could be made for it', () => {
    const { seen, told, handovers } = watching([FAILED]);
    seen.begin(handedOver('carrier-a:503:0/carrier-b::0'));
    expect(told.map(([{ hunt }, slot]) => [hunt.attempts, slot])).toEqual([
      [[{ trunk: 'carrier-a', sip: 503, rang: false }], { sip: 503, afterProgress: false }],
    ]);
    expect(handovers()).toBe(1);
  });

  it.each([
    ['the attempt with the plan has failed and is asked about', 'carrier-a:502:0'],
    ['the failure had no status', 'carrier-a::0/carrier-b::0'],
  ])('is none where %s', (_, history) => {
    const { seen, told, handovers } = watching([FAILED]);
    seen.begin(handedOver(history));
    expect(told).toEqual([]);
    expect(handovers()).toBe(1);
  });

  it.each([
    ['any other dialplan dials', { ...CALLER, dialplan: { context: 'from-phones' } }],
    ['a call has no plan', { ...CALLER, id: 'a9', dialplan: DIAL.caller.dialplan }],
    ['Asterisk tells no context', CALLER],
  ])('is none where %s', (_, caller) => {
    const { seen, told } = watching([FAILED]);
    seen.dialled({ ...DIAL, caller });
    expect(told).toEqual([]);
  });

  it('that the dialplan reports itself is not told a second time', () => {
    const { seen, told } = watching([FAILED]);
    seen.planned({
      ...USER_EVENT,
      userevent: {
        version: '1',
        number: '201',
        trunk: 'carrier-a',
        leg: FAILED.name,
        sip: '503',
        state: '1/1795653231.051/p/k-1/carrier-a:503:1',
        ring_ms: '200',
      },
    });
    seen.begin(handedOver('carrier-a:503:1/carrier-b::0'));
    expect(told.map(([, slot]) => slot)).toEqual([{ sip: 503, afterProgress: true }]);
  });

  it('has a context of its own in the shipped dialplan for each status that plans have', () => {
    const dialplan = readFileSync(
      join(__dirname, '../../../../../adapters/asterisk/dialplan/planned.conf'),
      'utf8',
    );
    const contexts = dialplan.match(/^\[crankback-after-\d+\]\ninclude => crankback-attempt$/gm);
    expect(contexts).toEqual(
      PLANNED_STATUSES.map((sip) => `[${contextAfter(sip)}]\ninclude => crankback-attempt`),
    );
  });
});
