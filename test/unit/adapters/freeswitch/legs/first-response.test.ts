import { FirstResponseTimers } from '../../../../../adapters/freeswitch/legs/first-response';
import type { LegSip } from '../../../../../src/calls/ports';
import type { Evidence } from '../../../../../src/model/failure';

const DUE = 4000;
const LEG_A = '49e48bb1-8624-40df-aa04-c345e91a1fd8';
const LEG_B = '1405a685-25ba-4506-a969-1e6638eaf842';
const OTHER_LEG = '68cb0a22-ee71-47e1-bc17-30157e890b2d';
/** The attempt's name, on leg A and on each of its legs. */
const ATTEMPT = 'a22b0edf-6190-4152-9083-b9384f2135df';
const KILL = `uuid_kill ${LEG_B} PROGRESS_TIMEOUT`;

const EVIDENCE: Evidence = { source: 'hep', rang: false, progress: false, origin: 'no-response' };
const SILENT: LegSip = { kind: 'unfinished', evidence: EVIDENCE, sentAfterMs: 0 };
const TRYING: LegSip = { ...SILENT, evidence: { ...EVIDENCE, firstResponseMs: 20 } };

/** FreeSWITCH's legs B by uuid, with what the mirror shows of each; undefined: of nothing. */
function setUp(legs: Record<string, LegSip | undefined>, ended: readonly string[] = []) {
  const killed: string[] = [];
  const gaveUp: string[] = [];
  const timers = new FirstResponseTimers({
    observer: {
      ask: (command, args) => {
        if (command === 'uuid_kill') killed.push(`${command} ${args}`);
        const [uuid = '', name] = args.split(' ');
        if (name === 'originated_legs') {
          // As FreeSWITCH 1.11.1 wrote it.
          const list = Object.keys(legs).map((leg) => `${leg};Outbound Call;2125550199`);
          return Promise.resolve(list.length > 1 ? `ARRAY::${list.join('|:')}` : list[0]);
        }
        if (ended.includes(uuid)) return Promise.resolve('-ERR No such channel!\n');
        return Promise.resolve(name === 'crankback_leg' ? ATTEMPT : `o=${uuid}`);
      },
    },
    mirror: {
      callIdOf: (offer) => (legs[offer.slice(2)] ? offer.slice(2) : undefined),
      leg: (callId) => legs[callId],
    },
    now: () => Date.now(),
    gaveUp: (legA) => gaveUp.push(legA),
  });
  return { timers, killed, gaveUp, legs };
}

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  expect(jest.getTimerCount()).toBe(0);
  jest.useRealTimers();
});

describe('an attempt without any response', () => {
  it('is given up when its time is over, and not before', async () => {
    const { timers, killed, gaveUp } = setUp({ [LEG_B]: SILENT });
    timers.arm(LEG_A, DUE);
    await jest.advanceTimersByTimeAsync(DUE - 1);
    expect(killed).toEqual([]);
    await jest.advanceTimersByTimeAsync(1);
    expect(killed).toEqual([KILL]);
    expect([gaveUp, timers.size]).toEqual([[LEG_A], 0]);
  });

  it('has its time from the INVITE that followed a challenge', async () => {
    const { timers, killed } = setUp({ [LEG_B]: { ...SILENT, sentAfterMs: 700 } });
    timers.arm(LEG_A, DUE);
    await jest.advanceTimersByTimeAsync(DUE + 699);
    expect(killed).toEqual([]);
    await jest.advanceTimersByTimeAsync(1);
    expect(killed).toEqual([KILL]);
  });

  it('has its time from the end of the delay before it', async () => {
    const { timers, killed } = setUp({ [LEG_B]: SILENT });
    timers.arm(LEG_A, DUE, 1000);
    await jest.advanceTimersByTimeAsync(DUE + 999);
    expect(killed).toEqual([]);
    await jest.advanceTimersByTimeAsync(1);
    expect(killed).toEqual([KILL]);
  });

  it('is given up beside the ended leg of an earlier attempt', async () => {
    const { timers, killed } = setUp({ [OTHER_LEG]: TRYING, [LEG_B]: SILENT }, [OTHER_LEG]);
    timers.arm(LEG_A, DUE);
    await jest.advanceTimersByTimeAsync(DUE);
    expect(killed).toEqual([KILL]);
  });

  it('is given up with all of its legs', async () => {
    const { timers, killed } = setUp({ [OTHER_LEG]: SILENT, [LEG_B]: SILENT });
    timers.arm(LEG_A, DUE);
    await jest.advanceTimersByTimeAsync(DUE);
    expect(killed).toEqual([`uuid_kill ${OTHER_LEG} PROGRESS_TIMEOUT`, KILL]);
  });
});

describe('an attempt is left alone', () => {
  it.each<[string, Record<string, LegSip | undefined>]>([
    ['when a 100 has come', { [LEG_B]: TRYING }],
    ['when it was answered', { [LEG_B]: { kind: 'answered', subAttempts: [] } }],
    ['when it has failed', { [LEG_B]: { kind: 'failed', evidence: EVIDENCE } }],
    ['when its SIP is not mirrored', { [LEG_B]: undefined }],
    ['when one of its phones has responded', { [OTHER_LEG]: TRYING, [LEG_B]: SILENT }],
    ['when it has no leg', {}],
  ])('%s', async (_, legs) => {
    const { timers, killed, gaveUp } = setUp(legs);
    timers.arm(LEG_A, DUE);
    await jest.advanceTimersByTimeAsync(DUE * 10);
    expect([killed, gaveUp, timers.size]).toEqual([[], [], 0]);
  });

  it('when it was disarmed, also while FreeSWITCH was being asked', async () => {
    const { timers, killed } = setUp({ [LEG_B]: SILENT });
    timers.arm(LEG_A, DUE);
    jest.advanceTimersByTime(DUE);
    timers.disarm(LEG_A);
    await jest.advanceTimersByTimeAsync(DUE * 10);
    expect(killed).toEqual([]);
  });

  it('when all are disarmed', async () => {
    const { timers, killed } = setUp({ [LEG_B]: SILENT });
    timers.arm(LEG_A, DUE);
    timers.disarmAll();
    await jest.advanceTimersByTimeAsync(DUE * 10);
    expect([killed, timers.size]).toEqual([[], 0]);
  });
});
