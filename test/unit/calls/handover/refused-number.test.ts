import { setUp, HUNT_ID, routed } from '../../../doubles/call-pipeline';

describe('a number that the dialplan should have refused', () => {
  it('reaches no trunk', () => {
    for (const number of ['', '2&PJSIP/1@carrier-b', '2'.repeat(33)]) {
      const { listener, journal } = setUp();
      listener.handover(routed(number));
      expect(journal.find(HUNT_ID)?.decisions[0]?.outcome).toEqual({ kind: 'relay', sip: 484 });
    }
  });
});
