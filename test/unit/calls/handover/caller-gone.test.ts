import { START } from '../../../doubles/policies';
import { setUp, HUNT_ID, routed } from '../../../doubles/call-pipeline';

describe('a caller who is gone', () => {
  it('ends the record of the hunt once, and an unknown hunt changes nothing', () => {
    const { listener, journal } = setUp();
    listener.handover(routed());
    listener.callerGone('unknown@1');
    expect(journal.find(HUNT_ID)?.endedAt).toBeUndefined();
    listener.callerGone(HUNT_ID);
    listener.callerGone(HUNT_ID);
    expect(journal.find(HUNT_ID)?.endedAt).toBe(START + 100);
  });
});
