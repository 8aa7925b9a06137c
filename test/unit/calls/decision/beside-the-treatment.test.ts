import { policyOf } from '../../../doubles/policies';
import { setUp, routed, failed } from '../../../doubles/call-pipeline';

describe('what a rule asks for beside its treatment', () => {
  const policy = policyOf(`version: 1
emergency: [112]
trunks:
  carrier-a: { dial: { asterisk: "PJSIP/{number}@carrier-a" } }
  carrier-b: { dial: { asterisk: "PJSIP/{number}@carrier-b" } }
routes: [{ digits: "*", trunks: [carrier-a, carrier-b] }]
rules:
  - { when: { sip: 402 }, do: { retry: next-trunk, alert: finance, trunk: { hold: 15m } } }
`);
  const setUpWith = () => setUp({ policy: () => policy });

  it('holds the trunk for the next call, raises and counts the alert, and says by which rule', async () => {
    const { listener, lines, answers, counted } = setUpWith();
    listener.handover(failed(402));
    listener.handover({ ...routed('201'), huntId: 'other@1', leg: 'PJSIP/caller-00000008' });
    expect(answers.map(({ outcome }) => outcome)).toMatchObject([
      { trunk: 'carrier-b' },
      { trunk: 'carrier-b' },
    ]);
    expect(lines).toContainEqual(
      expect.objectContaining({
        message: 'trunk held',
        trunk: 'carrier-a',
        seconds: 900,
        rule: 'policy.yaml:8',
      }),
    );
    expect(lines).toContainEqual(
      expect.objectContaining({ message: 'alert', alert: 'finance', trunk: 'carrier-a' }),
    );
    expect(await counted('crankback_alerts_total')).toEqual([
      { pbx: 'asterisk', alert: 'finance', value: 1 },
    ]);
  });

  it('happens once per attempt, also where its mailbox turns out to be missing', async () => {
    const { listener, counted } = setUpWith();
    listener.handover(failed(402));
    listener.handover(failed(402, '200', { mailboxMissing: true }));
    expect(await counted('crankback_alerts_total')).toMatchObject([{ value: 1 }]);
  });
});
