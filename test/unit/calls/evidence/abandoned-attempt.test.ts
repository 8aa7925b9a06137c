import { HUNT_ID, routed, setUp } from '../../../doubles/call-pipeline';
import type { Evidence } from '../../../../src/model/failure';

const left: Evidence = {
  source: 'channel-events',
  sip: 487,
  rang: true,
  progress: true,
  origin: 'ours',
};
const attempt = { huntId: HUNT_ID, trunk: 'carrier-a', number: '00200' };

describe('an attempt that the caller has left', () => {
  it('has a line, a record and a count, as cancelled, and says nothing of its trunk but its quality', async () => {
    const { listener, lines, journal, counted, reports } = setUp();
    listener.handover(routed());
    listener.abandoned({ ...attempt, evidence: [left] });
    listener.callerGone(HUNT_ID);
    const expected = { trunk: 'carrier-a', class: 'cancelled', rang: true };
    expect(lines).toContainEqual(
      expect.objectContaining({ message: 'attempt', number: '200', fault: 'caller', ...expected }),
    );
    expect(journal.find(HUNT_ID)?.attempts).toMatchObject([expected]);
    expect(await counted('crankback_attempts_total')).toContainEqual(
      expect.objectContaining({ trunk: 'carrier-a', class: 'cancelled', value: 1 }),
    );
    expect(reports).not.toContainEqual(expect.objectContaining({ trunk: 'carrier-a' }));
    const failure: unknown = expect.objectContaining({ class: 'cancelled', rang: true });
    expect(reports).toContainEqual({ left: { trunk: 'carrier-a', number: '200', failure } });
  });

  it('may be told just after the hunt has ended', () => {
    const { listener, lines, journal } = setUp();
    listener.handover(routed());
    listener.callerGone(HUNT_ID);
    listener.abandoned({ ...attempt, evidence: [left] });
    expect(journal.find(HUNT_ID)?.attempts).toMatchObject([{ class: 'cancelled' }]);
    expect(lines.at(-1)).toMatchObject({ message: 'attempt', number: '00200' });
  });

  it("and that the carrier had refused before counts as the carrier's failure", () => {
    const { listener, journal, reports } = setUp();
    listener.handover(routed());
    listener.abandoned({ ...attempt, evidence: [{ ...left, sip: 503, origin: 'far' }] });
    expect(journal.find(HUNT_ID)?.attempts).toMatchObject([{ class: 'trunk-congested' }]);
    expect(reports).toContainEqual(expect.objectContaining({ trunk: 'carrier-a' }));
  });
});
