import type { Handover } from '../../../../src/calls/ports';
import type { Evidence } from '../../../../src/model/failure';
import { failed, HUNT_ID, routed, setUp, wentOn } from '../../../doubles/call-pipeline';
import { huntOf } from '../../../doubles/policies';

const FAR = { source: 'dialplan', rang: false, progress: false, origin: 'far' } as const;
const MIRRORED: Evidence = {
  ...FAR,
  source: 'hep',
  sip: 503,
  reasons: [{ protocol: 'Q.850', cause: 17 }],
};

/** The last of these attempts has just failed, with this evidence. */
function handedOver(attempts: readonly string[], evidence: Evidence, late?: Evidence): Handover {
  const [trunk = ''] = attempts.at(-1)?.split(':') ?? [];
  const attempt = { trunk, evidence: [evidence], counted: false };
  const more = late ? { late: Promise.resolve([late]) } : {};
  return {
    ...routed(),
    event: { kind: 'failed', attempts: [{ ...attempt, ...more }] },
    hunt: huntOf(attempts),
  };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('what an earlier attempt was', () => {
  it('goes along with the answer, for the memory of the call', () => {
    const { listener, kept } = setUp();
    listener.handover(routed());
    listener.handover(handedOver(['carrier-a:480'], { ...FAR, sip: 480, phrase: 'No money left' }));
    expect(kept).toEqual([[], [{ trunk: 'carrier-a', sip: 480, rang: false, class: 'no-credit' }]]);
  });

  it('decides what the caller gets, by the memory of the call alone', () => {
    const { listener, answers } = setUp();
    const attempts = ['carrier-a:480::no-credit', 'carrier-b:503'];
    listener.handover(handedOver(attempts, { ...FAR, sip: 503 }));
    expect(answers).toMatchObject([{ outcome: { kind: 'relay', sip: 503 } }]);
  });

  it('is remembered where the PBX could not keep it', () => {
    const { listener, answers, kept } = setUp();
    listener.handover(routed());
    listener.handover(handedOver(['carrier-a:480'], { ...FAR, sip: 480, phrase: 'No money left' }));
    listener.handover(handedOver(['carrier-a:480', 'carrier-b:503'], { ...FAR, sip: 503 }));
    expect(answers.at(-1)).toMatchObject({ outcome: { kind: 'relay', sip: 503 } });
    expect(kept.at(-1)?.map((attempt) => attempt.class)).toEqual(['no-credit', 'trunk-congested']);
  });

  it('is known after a planned step too, once its mirrored SIP has come', async () => {
    const { listener, answers, kept } = setUp();
    listener.handover(routed());
    const step = wentOn(['carrier-a:503'], 503);
    if (step.event.kind !== 'failed') throw new Error('no failure');
    const attempts = step.event.attempts.map((one) => ({
      ...one,
      late: Promise.resolve([MIRRORED]),
    }));
    listener.planned(
      { ...step, event: { ...step.event, attempts } },
      { sip: 503, afterProgress: false },
    );
    await settled();
    listener.handover(handedOver(['carrier-a:503', 'carrier-b:500'], { ...FAR, sip: 500 }));
    // A busy callee, not a full trunk: the 503 is none to choose among the trunks' failures.
    expect(answers.at(-1)).toMatchObject({ outcome: { kind: 'relay', sip: 500 } });
    expect(kept.at(-1)?.[0]?.class).toBe('busy');
  });

  it('of another trunk in the same place is not taken for it', () => {
    const { listener, kept } = setUp();
    listener.handover(routed());
    listener.handover(handedOver(['carrier-a:480'], { ...FAR, sip: 480, phrase: 'No money left' }));
    listener.handover(handedOver(['carrier-b:480', 'carrier-b:503'], { ...FAR, sip: 503 }));
    expect(kept.at(-1)?.[0]).toEqual({ trunk: 'carrier-b', sip: 480, rang: false });
  });

  it('is in the record after a restart', () => {
    const { listener, journal } = setUp();
    const attempts = ['carrier-a:480::no-credit', 'carrier-b:', 'carrier-a:486'];
    listener.handover({ ...failed(486), hunt: huntOf(attempts) });
    expect(journal.find(HUNT_ID)?.attempts).toMatchObject([
      { trunk: 'carrier-a', sip: 480, class: 'no-credit', recovered: true },
      // Neither silence nor an unreachable trunk is known to be the reason.
      { trunk: 'carrier-b', class: 'unknown', recovered: true },
      { trunk: 'carrier-a', sip: 486, class: 'busy' },
    ]);
  });
});
