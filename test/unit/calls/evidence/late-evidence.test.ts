import { outcomeText as describeOutcome } from '../../../../src/policy/decision/text';
import type { Evidence } from '../../../../src/model/failure';
import { explain } from '../../../../src/policy/decision/explain';
import { policyOf } from '../../../doubles/policies';
import { setUp, HUNT_ID, failed } from '../../../doubles/call-pipeline';

describe('a decision and the mirrored SIP that is still on its way', () => {
  const BY_STATUS = policyOf(`version: 1
emergency: [112]
trunks:
  carrier-a: { dial: { asterisk: "PJSIP/{number}@carrier-a" } }
  carrier-b: { dial: { asterisk: "PJSIP/{number}@carrier-b" } }
routes: [{ digits: "*", trunks: [carrier-a, carrier-b] }]
rules:
  - { when: { sip: 503 }, do: { retry: next-trunk } }
  - { when: { sip: 500, q850: 1 }, do: { relay: { as: 404 } } }
  - { when: { class: redirected }, do: { redirect: { domains: pbx.example.com } } }
`);
  const hep: Evidence = { source: 'hep', rang: false, progress: false, origin: 'far' };

  /** Of a failed attempt whose SIP comes when it is told to. */
  function late(sip: number, number = '200') {
    let come: (more: readonly Evidence[]) => void = () => undefined;
    const promise = new Promise<readonly Evidence[]>((resolve) => (come = resolve));
    const handover = failed(sip, number);
    if (handover.event.kind !== 'failed') throw new Error('no failure');
    const attempts = handover.event.attempts.map((one) => ({ ...one, late: promise }));
    const comes = async (...more: Evidence[]) => {
      come(more);
      await new Promise((resolve) => setImmediate(resolve));
    };
    return { handover: { ...handover, event: { ...handover.event, attempts } }, comes };
  }

  it('does not wait where no rule asks for anything that only it tells', async () => {
    for (const [sip, number] of [
      [503, '200'],
      [486, '200'],
      [500, '112'],
    ] as const) {
      const { listener, answers, counted } = setUp({ policy: () => BY_STATUS });
      listener.handover(late(sip, number).handover);
      expect(answers).toHaveLength(1);
      expect(await counted('crankback_hep_wait_seconds')).toEqual([]);
    }
  });

  it('waits where a rule does, and decides on all of it once it has come', async () => {
    for (const [more, outcome] of [
      [[{ ...hep, sip: 500, reasons: [{ protocol: 'Q.850', cause: 1 }] }], 'relay 404'],
      [[{ ...hep, sip: 500, reasons: [] }], 'dial carrier-b'],
      [[], 'dial carrier-b'],
    ] as const) {
      const { listener, answers, journal, counted } = setUp({ policy: () => BY_STATUS });
      const { handover, comes } = late(500);
      listener.handover(handover);
      expect(answers).toEqual([]);
      await comes(...more);
      const decisions = journal.find(HUNT_ID)?.decisions ?? [];
      expect(decisions.map(describeOutcome)).toEqual([outcome]);
      const inputs = decisions[0]?.inputs;
      expect(inputs && explain(BY_STATUS, inputs).decision.outcome).toEqual(answers[0]?.outcome);
      expect(await counted('crankback_attempts_total')).toHaveLength(1);
      expect(await counted('crankback_hep_wait_seconds')).toContainEqual(
        expect.objectContaining({ metricName: 'crankback_hep_wait_seconds_count', value: 1 }),
      );
    }
  });

  it('learns from it where a 3xx points to', async () => {
    const { listener, answers } = setUp({ policy: () => BY_STATUS });
    const { handover, comes } = late(302);
    listener.handover(handover);
    await comes({ ...hep, sip: 302, contacts: [{ user: '300', host: 'pbx.example.com' }] });
    expect(answers).toMatchObject([{ outcome: { kind: 'redirect', target: '300' } }]);
  });

  it('is not made for a caller who leaves meanwhile; what the trunk did counts', async () => {
    const { listener, answers, reports, journal } = setUp({ policy: () => BY_STATUS });
    const { handover, comes } = late(500);
    listener.handover(handover);
    listener.callerGone(HUNT_ID);
    await comes();
    expect(answers).toEqual([]);
    expect(reports).toContainEqual(expect.objectContaining({ trunk: 'carrier-a' }));
    expect(journal.find(HUNT_ID)?.attempts).toMatchObject([{ trunk: 'carrier-a', sip: 500 }]);
  });

  it('is waited for when draining', async () => {
    const { service, listener, answers, stopped } = setUp({ policy: () => BY_STATUS });
    const { handover, comes } = late(500);
    listener.handover(handover);
    const drained = service.drain(60_000);
    await comes();
    await drained;
    expect(answers).toHaveLength(1);
    expect(stopped()).toBe(1);
  });
});
