import { setUp, HUNT_ID, failed } from '../../doubles/call-pipeline';

describe('a relay to a leg that cannot be sent any status', () => {
  it('is recorded and logged as degraded, an exact one is not', () => {
    for (const exactRelay of [true, false]) {
      const { listener, journal, lines } = setUp();
      listener.handover({ ...failed(486), exactRelay });
      expect(journal.find(HUNT_ID)?.decisions[0]?.degraded).toBe(
        exactRelay ? undefined : 'relay-degraded',
      );
      expect(JSON.stringify(lines).includes('relay-degraded')).toBe(!exactRelay);
    }
  });
});
