import type { Handover } from '../../../src/calls/ports';
import { explain } from '../../../src/policy/decision/explain';
import { policyOf, START } from '../../doubles/policies';
import { setUp, HUNT_ID, routed, failed } from '../../doubles/call-pipeline';

describe('what a second offer teaches', () => {
  const LEARNING = policyOf(`version: 1
emergency: [112]
trunks: { carrier-a: { dial: { asterisk: "PJSIP/{number}@carrier-a" } } }
routes: [{ digits: "*", trunks: [carrier-a] }]
rules: [{ when: { sip: 488 }, do: { retry: same-trunk, codecs: [alaw], learn: true } }]
`);
  const ALAW = { name: 'PCMA', clockRate: 8000 };
  const able = (handover: Handover): Handover => ({
    ...handover,
    hunt: { ...handover.hunt, codecs: [ALAW] },
  });
  const learnt = () => {
    const all = setUp({ policy: () => LEARNING });
    all.listener.handover(able(failed(488)));
    expect(all.answers.at(-1)?.outcome).toMatchObject({ codecs: [ALAW] });
    return all;
  };

  it('is offered first once it was accepted, until the trunk refuses again', () => {
    const { listener, answers, lines, trunks, journal } = learnt();
    expect(trunks.offer('carrier-a', START)).toBeUndefined();
    listener.answered(HUNT_ID, 'carrier-a');
    listener.handover(able(routed()));
    expect(answers.at(-1)?.outcome).toMatchObject({ codecs: [ALAW] });
    expect(answers.at(-1)?.outcome).not.toHaveProperty('reoffer');
    const inputs = journal.find(HUNT_ID)?.decisions.at(-1)?.inputs;
    expect(inputs && explain(LEARNING, inputs).decision.outcome).toEqual(answers.at(-1)?.outcome);
    listener.handover(able(failed(488)));
    expect(trunks.offer('carrier-a', START)).toBeUndefined();
    expect(lines.map(({ message }) => message)).toEqual(
      expect.arrayContaining(['offer learned', 'learned offer forgotten']),
    );
  });

  it('is nothing where another attempt was answered', () => {
    const { listener, trunks } = learnt();
    listener.answered(HUNT_ID, 'carrier-b');
    listener.handover(able(failed(486)));
    listener.answered(HUNT_ID, 'carrier-a');
    expect(trunks.offer('carrier-a', START)).toBeUndefined();
  });
});
