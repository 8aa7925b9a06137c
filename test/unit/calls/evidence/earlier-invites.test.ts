import { setUp, HUNT_ID, routed, failed } from '../../../doubles/call-pipeline';

describe('INVITEs of one attempt before the one that counts', () => {
  const earlier = [{ sip: 503, phrase: 'Full', farEnd: '192.0.2.1:5060' }, { farEnd: 'h:1' }];

  it('are told of an answered attempt, where there were any', async () => {
    const { listener, lines, journal } = setUp();
    listener.handover(routed());
    listener.answered(HUNT_ID, 'carrier-a', Promise.resolve([]));
    await Promise.resolve();
    expect(lines.some(({ message }) => message === 'answered')).toBe(false);
    expect(journal.find(HUNT_ID)?.answered).toEqual({ trunk: 'carrier-a' });
    listener.answered(HUNT_ID, 'carrier-a', Promise.resolve(earlier));
    await Promise.resolve();
    expect(lines.at(-1)).toMatchObject({
      message: 'answered',
      trunk: 'carrier-a',
      earlier: ['503 Full at 192.0.2.1:5060', 'nothing at h:1'],
    });
    expect(journal.find(HUNT_ID)?.answered).toEqual({ trunk: 'carrier-a', earlier });
  });

  it('are told of a failed one', () => {
    const { listener, lines } = setUp();
    const handover = failed(503);
    if (handover.event.kind !== 'failed') throw new Error('no failure');
    const attempts = handover.event.attempts.map((one) => ({
      ...one,
      evidence: one.evidence.map((it) => ({ ...it, subAttempts: earlier })),
    }));
    listener.handover({ ...handover, event: { ...handover.event, attempts } });
    expect(lines[0]).toMatchObject({
      message: 'attempt',
      earlier: ['503 Full at 192.0.2.1:5060', 'nothing at h:1'],
    });
  });
});
