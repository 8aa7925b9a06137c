import { explain } from '../../../../src/policy/decision/explain';
import { POLICY, setUp, HUNT_ID, failed } from '../../../doubles/call-pipeline';

describe('a recorded decision', () => {
  it('is explained from its inputs alone', () => {
    const { listener, journal, answers } = setUp();
    listener.handover(failed(503));
    const inputs = journal.find(HUNT_ID)?.decisions[0]?.inputs;
    if (!inputs) throw new Error('no inputs');
    expect(explain(POLICY, inputs)).toMatchObject({
      decision: answers[0],
      rules: [{ source: 'built-in' }],
      trunks: [
        { trunk: 'carrier-a', state: 'tried' },
        { trunk: 'carrier-b', state: 'free' },
      ],
      left: { attempts: 2, startWithin: 19_900 },
    });
  });
});
