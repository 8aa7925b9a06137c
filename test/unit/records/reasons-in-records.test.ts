import type { Evidence } from '../../../src/model/failure';
import { normalize } from '../../../src/normalize/normalize';
import { HUNT_ID, failed, setUp } from '../../doubles/call-pipeline';

const hep: Evidence = { source: 'hep', sip: 603, rang: false, progress: false, origin: 'far' };
const analytics = 'v=analytics1;url=https://example.com;tel=+12025550199';

/** Line and record of an attempt with this mirrored SIP, numbers masked. */
function recorded(sip: number, more: Partial<Evidence>) {
  const { listener, lines, journal } = setUp({ maskNumbers: true });
  const handover = failed(sip);
  if (handover.event.kind !== 'failed') throw new Error('no failure');
  const attempts = handover.event.attempts.map((one) => ({
    ...one,
    evidence: [...one.evidence, { ...hep, sip, ...more }],
  }));
  listener.handover({ ...handover, event: { ...handover.event, attempts } });
  const line = lines.find(({ message }) => message === 'attempt');
  return { line, record: journal.find(HUNT_ID)?.attempts[0] };
}

describe('an attempt’s line and record', () => {
  it('have the cause that decided, its location and every Reason, whatever its protocol', () => {
    const { line, record } = recorded(480, {
      provisional: [
        {
          sip: 183,
          phrase: 'Session Progress',
          sdp: false,
          reasons: [{ protocol: 'Q.850', cause: 17, location: 'RLN', text: 'User busy' }],
        },
      ],
      reasons: [
        { protocol: 'Q.850', cause: 31 },
        { protocol: 'X.25', cause: 5 },
      ],
    });
    const expected = {
      class: 'busy',
      q850: 17,
      location: 'RLN',
      reasons: [
        'Q.850;cause=31',
        'X.25;cause=5',
        '183: Q.850;cause=17;location=RLN;text="User busy"',
      ],
    };
    expect(line).toMatchObject(expected);
    expect(record).toMatchObject(expected);
  });

  it('have the way to complain about a block, whole although numbers are masked', () => {
    const { line, record } = recorded(603, {
      reasons: [{ protocol: 'Q.850', cause: 21, location: 'LN', text: analytics }],
    });
    const expected = { redressUrl: 'https://example.com/', redressPhone: '+12025550199' };
    expect(line).toMatchObject({ class: 'blocked', fault: 'caller', ...expected });
    expect(record).toMatchObject({ class: 'blocked', ...expected });
    expect(JSON.stringify(line?.['reasons'])).not.toContain('2025550199');
  });

  it('have none of it where no Reason came', () => {
    const { line, record } = recorded(486, {});
    for (const field of ['q850', 'location', 'reasons', 'redressUrl', 'redressPhone'])
      expect([line?.[field], record && field in record]).toEqual([undefined, false]);
  });

  it('show 8 values at most, each of 200 characters at most', () => {
    const reasons = Array.from({ length: 32 }, (_, cause) => ({
      protocol: 'X',
      cause,
      text: 'x'.repeat(4000),
    }));
    const shown = recorded(503, { reasons }).record?.reasons ?? [];
    expect(shown).toHaveLength(8);
    for (const text of shown) expect(text).toHaveLength(200);
  });

  it('name no redress of a call that was not blocked', () => {
    const said = { reasons: [{ protocol: 'Q.850', cause: 17, text: analytics }] };
    expect(normalize([{ ...hep, sip: 486, ...said }])).not.toHaveProperty('redress');
  });
});
