import type { Evidence } from '../../../../src/model/failure';
import { HUNT_ID, failed, setUp } from '../../../doubles/call-pipeline';

const leg = (sip: number, more: Partial<Evidence> = {}): readonly Evidence[] => [
  { source: 'channel-events', sip, rang: false, progress: false, origin: 'far', ...more },
];

/** One attempt whose legs said this; the PBX's own history has the status of the first leg. */
function attempt(first: number, others: readonly (readonly Evidence[])[]) {
  const handover = failed(first);
  if (handover.event.kind !== 'failed') throw new Error('no failure');
  const attempts = handover.event.attempts.map((one) => ({
    ...one,
    evidence: leg(first),
    otherLegs: others.map((evidence) => ({ evidence })),
  }));
  return { ...handover, event: { ...handover.event, attempts } };
}

describe('an attempt that rang several phones', () => {
  it.each([
    ['a phone that failed and a busy one', 503, leg(486, { rang: true }), 486, 'busy'],
    ['a busy phone and one that failed', 486, leg(503, { rang: true }), 486, 'busy'],
    ['a phone that failed and a user who declines', 500, leg(603, { rang: true }), 603, 'declined'],
  ])('is one attempt: %s', (_, first, other, sip, expected) => {
    const { listener, journal, lines, reports, kept } = setUp();
    listener.handover(attempt(first, [other]));
    const record = journal.find(HUNT_ID);
    expect(record?.attempts).toMatchObject([{ class: expected, sip, rang: true }]);
    expect(record?.attempts[0]?.otherLegs).toHaveLength(1);
    expect(lines.filter(({ message }) => message === 'attempt')).toHaveLength(1);
    // Trunk health hears of the answer alone, and the call's own state gets its status.
    expect(reports).toMatchObject([{ outcome: { failure: { class: expected } } }]);
    expect(kept[0]?.at(-1)).toMatchObject({ class: expected, sip, rang: true });
  });

  it('is told with what the other phones said', () => {
    const { listener, lines, journal } = setUp();
    listener.handover(attempt(486, [leg(503, { phrase: 'Service Unavailable' }), leg(480)]));
    const otherLegs = ['503 Service Unavailable (trunk-congested)', '480 (unavailable)'];
    expect(lines.find(({ message }) => message === 'attempt')).toMatchObject({ otherLegs });
    expect(journal.find(HUNT_ID)?.attempts[0]).toMatchObject({ otherLegs });
  });

  it('shows twelve of them at most, each cut', () => {
    const { listener, journal } = setUp();
    const others = Array.from({ length: 40 }, () => leg(503, { phrase: 'x'.repeat(5_000) }));
    listener.handover(attempt(486, others));
    const shown = journal.find(HUNT_ID)?.attempts[0]?.otherLegs ?? [];
    expect(shown).toHaveLength(12);
    expect(Math.max(...shown.map((one) => one.length))).toBeLessThan(250);
  });

  it('waits for mirrored SIP that may change which answer counts', async () => {
    const { listener, answers, journal } = setUp();
    const handover = attempt(503, []);
    const reason: Evidence = {
      ...{ source: 'hep', sip: 503, rang: false, progress: false, origin: 'far' },
      reasons: [{ protocol: 'Q.850', cause: 17 }],
      provisional: [],
    };
    const [one] = handover.event.attempts;
    if (!one) throw new Error('no attempt');
    const late = Promise.resolve([reason]);
    const attempts = [{ ...one, otherLegs: [{ evidence: leg(503), late }] }];
    listener.handover({ ...handover, event: { ...handover.event, attempts } });
    expect(answers).toEqual([]);
    await late;
    await new Promise((resolve) => setImmediate(resolve));
    expect(answers).toHaveLength(1);
    expect(journal.find(HUNT_ID)?.attempts).toMatchObject([{ class: 'busy', q850: 17 }]);
  });

  it('that the caller has left is told once', () => {
    const { listener, journal, lines } = setUp();
    listener.handover(failed(503));
    const before = journal.find(HUNT_ID)?.attempts.length ?? 0;
    listener.abandoned({
      huntId: HUNT_ID,
      number: '200',
      trunk: 'carrier-a',
      evidence: leg(487, { origin: 'ours' }),
      otherLegs: [{ evidence: leg(486) }],
    });
    expect(journal.find(HUNT_ID)?.attempts.slice(before)).toMatchObject([
      { class: 'busy', sip: 486, otherLegs: ['487 (cancelled)'] },
    ]);
    expect(lines.filter(({ message }) => message === 'attempt')).toHaveLength(2);
  });
});
