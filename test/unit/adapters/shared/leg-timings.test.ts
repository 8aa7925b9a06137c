import { LegTimings } from '../../../../adapters/shared/leg-timings';
import type { LegSipTimes, PbxListener, SipMirror, TimedLeg } from '../../../../src/calls/ports';

const WAIT_MS = 200;
const ADDRESSES = { local: '192.0.2.1:5060', far: '198.51.100.7:5060' };

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

function timing(mirrored = true) {
  const told: TimedLeg[] = [];
  const wire: { seen: LegSipTimes | undefined } = { seen: undefined };
  const mirror = { timesOf: () => wire.seen } as unknown as SipMirror;
  const timings = new LegTimings({
    mirror: mirrored ? mirror : undefined,
    waitMs: WAIT_MS,
    listener: () => ({ timed: (leg: TimedLeg) => told.push(leg) }) as unknown as PbxListener,
  });
  return { timings, told, wire };
}

const leg = (times: Partial<TimedLeg['times']>): TimedLeg => ({
  huntId: 'a@1',
  trunk: 'carrier-a',
  times: { id: 'b', callId: 'x', invitedAt: 1000, ...times },
});

describe('the times of a leg', () => {
  it('are those of the wire where the PBX mirrors it, from our own begin', () => {
    const { timings, told, wire } = timing();
    wire.seen = { firstResponseMs: 10.4, rangMs: 300, failedMs: 900, ...ADDRESSES };
    timings.setUp(leg({ rangAt: 1350, endedAt: 1999 }));
    expect(told).toEqual([
      leg({ firstResponseAt: 1010, rangAt: 1300, endedAt: 1900, ...ADDRESSES }),
    ]);
    expect(timings.size).toBe(0);
  });

  it('are those of the PBX without mirrored SIP', () => {
    const { timings, told } = timing(false);
    timings.setUp(leg({ rangAt: 1350, endedAt: 1999 }));
    expect(told).toEqual([leg({ rangAt: 1350, endedAt: 1999 })]);
  });

  it('of an answer are told with its codecs, and again at its end, when the wire is forgotten', () => {
    const { timings, told, wire } = timing();
    wire.seen = { answeredMs: 500, codecs: ['PCMA'], ...ADDRESSES };
    timings.setUp(leg({ answeredAt: 1510 }));
    wire.seen = undefined;
    timings.over('b', 61_500);
    const answered = leg({ answeredAt: 1500, codecs: ['PCMA'], ...ADDRESSES });
    const over = { ...answered, times: { ...answered.times, endedAt: 61_500 } };
    expect(told).toEqual([answered, over]);
    expect(timings.size).toBe(0);
  });

  it('wait for SIP that is on its way, and no longer than that', () => {
    const { timings, told, wire } = timing();
    wire.seen = ADDRESSES;
    timings.setUp(leg({ endedAt: 1999 }));
    expect([told.length, timings.size]).toEqual([0, 1]);
    wire.seen = { failedMs: 900, ...ADDRESSES };
    jest.advanceTimersByTime(WAIT_MS);
    expect(told).toEqual([leg({ endedAt: 1900, ...ADDRESSES })]);
    expect(timings.size).toBe(0);
  });

  it('of a call that ends while its SIP is on its way are told once, whole', () => {
    const { timings, told, wire } = timing();
    wire.seen = ADDRESSES;
    timings.setUp(leg({ answeredAt: 1510 }));
    timings.over('b', 1600);
    jest.advanceTimersByTime(WAIT_MS);
    expect(told).toEqual([leg({ answeredAt: 1510, endedAt: 1600, ...ADDRESSES })]);
    expect(timings.size).toBe(0);
  });

  it('of an end that nobody saw begin, or of one that was missed, are not told', () => {
    const { timings, told } = timing(false);
    timings.over('other', 1600);
    timings.setUp(leg({ answeredAt: 1510 }));
    timings.forget('b');
    timings.over('b', 1600);
    expect(told).toHaveLength(1);
    expect(timings.size).toBe(0);
  });

  it('keep nothing waiting after the end', () => {
    const { timings, told, wire } = timing();
    wire.seen = ADDRESSES;
    timings.setUp(leg({ endedAt: 1999 }));
    timings.stop();
    jest.advanceTimersByTime(WAIT_MS);
    expect(told).toEqual([]);
    expect(timings.size).toBe(0);
  });
});
