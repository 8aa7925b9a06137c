import { policyOf } from '../../../doubles/policies';
import { POLICY, setUp, HUNT_ID, routed, failed } from '../../../doubles/call-pipeline';

describe('a policy that changes', () => {
  it('counts from the next decision on, and each record names its own', () => {
    const other = policyOf(`version: 1
emergency: []
trunks: { carrier-z: { dial: { asterisk: "PJSIP/{number}@z" } } }
routes: [{ digits: "*", trunks: [carrier-z] }]
`);
    let current = POLICY;
    const { listener, answers, journal } = setUp({ policy: () => current });
    listener.handover(routed());
    current = other;
    listener.handover(failed(503));
    expect(answers.map(({ outcome }) => outcome)).toMatchObject([
      { trunk: 'carrier-a' },
      { trunk: 'carrier-z' },
    ]);
    const hashes = journal.find(HUNT_ID)?.decisions.map(({ inputs }) => inputs?.policyHash);
    expect(hashes).toEqual([POLICY.hash, other.hash]);
  });
});
