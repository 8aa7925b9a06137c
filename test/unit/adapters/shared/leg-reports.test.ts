import { LegReports } from '../../../../adapters/shared/leg-reports';
import { MirroredLegs } from '../../../../adapters/shared/mirrored-legs';
import type { LegSip, PbxListener, SipMirror } from '../../../../src/calls/ports';

const ANSWERED: LegSip = { kind: 'answered', subAttempts: [] };

function reporting(mirrored?: LegSip) {
  const told: unknown[] = [];
  const mirror: SipMirror | undefined = mirrored && {
    pingStatus: () => undefined,
    callIdOf: () => undefined,
    timesOf: () => undefined,
    sentFrom: () => undefined,
    dialled: () => undefined,
    leg: () => mirrored,
    awaitFinal: () => Promise.resolve(mirrored),
  };
  const listener = {
    answered: (huntId: string, trunk: string) => told.push({ huntId, trunk }),
    lateAnswer: (late: unknown) => told.push(late),
  } as unknown as PbxListener;
  const reports = new LegReports({
    mirrored: new MirroredLegs(mirror),
    mirror,
    now: () => 1000,
    huntOf: (callerId) => (callerId === 'a' ? 'a@1' : undefined),
    listener: () => listener,
  });
  return { reports, told };
}

it("an answer is told for a trunk's leg of a hunt under way, and for no other", () => {
  const { reports, told } = reporting();
  reports.answered({ trunk: 'carrier-a', callerId: 'a' }, undefined);
  reports.answered({ trunk: undefined, callerId: 'a' }, undefined);
  reports.answered({ trunk: 'carrier-a', callerId: 'b' }, undefined);
  reports.answered({ trunk: 'carrier-a' }, undefined);
  expect(told).toEqual([{ huntId: 'a@1', trunk: 'carrier-a' }]);
});

describe('a leg that was given up', () => {
  const leg = { callId: 'x@y', dialledAt: 900 };
  const settled = () => new Promise((resolve) => setImmediate(resolve));

  it('and is answered after all is told with its hunt, or without one', async () => {
    const { reports, told } = reporting(ANSWERED);
    reports.givenUp({ trunk: 'carrier-a', callerId: 'a' }, 'leg-1', leg);
    reports.givenUp({ trunk: 'carrier-b' }, 'leg-2', leg);
    expect(reports.lateAnswersAwaited).toBe(2);
    await settled();
    expect(reports.lateAnswersAwaited).toBe(0);
    expect(told).toEqual([
      { trunk: 'carrier-a', leg: 'leg-1', huntId: 'a@1' },
      { trunk: 'carrier-b', leg: 'leg-2' },
    ]);
  });

  it('to anything but a trunk, or without mirrored SIP, is not waited for', () => {
    const { reports } = reporting(ANSWERED);
    reports.givenUp({ trunk: undefined, callerId: 'a' }, 'leg-1', leg);
    expect(reports.lateAnswersAwaited).toBe(0);
    const without = reporting();
    without.reports.givenUp({ trunk: 'carrier-a', callerId: 'a' }, 'leg-1', leg);
    expect(without.reports.lateAnswersAwaited).toBe(0);
  });
});
