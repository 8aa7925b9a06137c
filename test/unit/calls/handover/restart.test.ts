import { huntOf } from '../../../doubles/policies';
import { setUp, HUNT_ID, failed } from '../../../doubles/call-pipeline';

describe('after a restart in the middle of a hunt', () => {
  it('the record has the attempts that only the call itself remembers', () => {
    const { listener, journal, answers } = setUp();
    listener.handover({ ...failed(486), hunt: huntOf(['carrier-b:503', 'carrier-a:486']) });
    expect(journal.find(HUNT_ID)?.attempts).toMatchObject([
      { trunk: 'carrier-b', sip: 503, class: 'trunk-congested', recovered: true },
      { trunk: 'carrier-a', sip: 486, phrase: 'As Sent', class: 'busy' },
    ]);
    expect(answers).toHaveLength(1);
  });
});
