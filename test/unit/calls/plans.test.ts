import { explain } from '../../../src/policy/decision/explain';
import { huntOf, policyOf } from '../../doubles/policies';
import { POLICY, setUp, HUNT_ID, routed, failed, wentOn } from '../../doubles/call-pipeline';

describe('a plan', () => {
  const start = (options: Parameters<typeof setUp>[0] = {}) => {
    const started = setUp(options);
    started.listener.handover({ ...routed(), hunt: huntOf([], { number: '200', from: '4930' }) });
    return started;
  };

  it('goes along with the answer that begins an attempt, and with no other', () => {
    const { listener, plans } = start();
    expect(plans).toMatchObject([{ attempts: 1 }]);
    listener.handover(failed(404));
    expect(plans[1]).toBeUndefined();
  });

  it('that was used is a decision like any other: journalled, explained, counted', async () => {
    const { listener, journal, plans, answers, reports, lines, trunks, counted } = start();
    listener.planned(wentOn(['carrier-a:503'], 503), { sip: 503, afterProgress: false });
    expect(answers).toHaveLength(1);
    const record = journal.find(HUNT_ID);
    expect(record?.attempts).toMatchObject([{ trunk: 'carrier-a', sip: 503 }]);
    const [, decision] = record?.decisions ?? [];
    expect(decision).toMatchObject({
      outcome: { kind: 'dial', trunk: 'carrier-b' },
      planned: true,
      class: 'trunk-congested',
      rule: { file: 'built-in/defaults.yaml' },
      inputs: { hunt: { from: '4930', attempts: [{ trunk: 'carrier-a', sip: 503 }] } },
    });
    if (!decision?.inputs) throw new Error('no inputs');
    expect(explain(POLICY, decision.inputs).decision.outcome).toEqual(decision.outcome);
    expect(reports).toMatchObject([{ trunk: 'carrier-a', outcome: { kind: 'failed' } }]);
    expect(lines.filter(({ message }) => message === 'decision')).toMatchObject([
      { outcome: 'dial carrier-a' },
      { outcome: 'dial carrier-b', planned: true },
    ]);
    expect(trunks.inUseOn('carrier-a')).toBe(0);
    expect(trunks.inUseOn('carrier-b')).toBe(1);
    expect(plans).toMatchObject([{ attempts: 1 }]);
    expect(await counted('crankback_plans_used_total')).toMatchObject([{ value: 1 }]);
    expect(await counted('crankback_plan_mismatches_total')).toEqual([]);
  });

  it('that says something else than the policy does is reported, and what happened is recorded', async () => {
    const { listener, journal, plans, lines, counted } = start();
    const slot = plans[0]?.beforeProgress.get(503);
    if (!slot) throw new Error('no slot');
    Object.assign(slot, { decision: { ...slot.decision, outcome: { kind: 'relay', sip: 500 } } });
    listener.planned(wentOn(['carrier-a:503'], 503), { sip: 503, afterProgress: false });
    expect(journal.find(HUNT_ID)?.decisions[1]?.outcome).toEqual({ kind: 'relay', sip: 500 });
    expect(lines.filter(({ level }) => level === 'error')).toMatchObject([
      { message: 'plan mismatch', planned: 'relay 500', decided: 'dial carrier-b' },
    ]);
    expect(await counted('crankback_plan_mismatches_total')).toMatchObject([{ value: 1 }]);
  });

  it("that has relayed a phone's 503 of the PBX's own is no mismatch, though its absence has another status", async () => {
    const policy = policyOf(`version: 1
emergency: []
trunks: { carrier-a: { dial: { asterisk: "PJSIP/{number}" } } }
routes: [{ digits: "*", trunks: [carrier-a] }]
`);
    const { listener, journal, counted } = start({ policy: () => policy });
    const step = wentOn(['carrier-a:503'], 503);
    const unsent = {
      source: 'channel-events',
      rang: false,
      progress: false,
      origin: 'local',
    } as const;
    const attempts = [{ trunk: 'carrier-a', evidence: [unsent], counted: false }];
    listener.planned(
      { ...step, event: { kind: 'failed', attempts } },
      { sip: 503, afterProgress: false },
    );
    expect(journal.find(HUNT_ID)?.decisions[1]?.outcome).toEqual({ kind: 'relay', sip: 503 });
    expect(await counted('crankback_plan_mismatches_total')).toEqual([]);
  });

  it('of before a restart leaves the attempt in the record, and no decision', () => {
    const { listener, journal, reports, lines } = setUp();
    listener.planned(wentOn(['carrier-a:503'], 503), { sip: 503, afterProgress: false });
    expect(journal.find(HUNT_ID)).toMatchObject({
      attempts: [{ trunk: 'carrier-a' }],
      decisions: [],
    });
    expect(reports).toMatchObject([{ trunk: 'carrier-a' }]);
    expect(lines).toContainEqual(expect.objectContaining({ message: 'planned step' }));
  });

  it('of an earlier attempt is not taken for the one under way', () => {
    const { listener, journal } = start();
    listener.planned(wentOn(['carrier-a:503', 'carrier-b:503'], 503, 'carrier-b'), {
      sip: 503,
      afterProgress: false,
    });
    expect(journal.find(HUNT_ID)?.decisions).toHaveLength(1);
  });

  it('is void once the retry budget has run out', () => {
    const policy = policyOf(`version: 1
emergency: [112]
trunks: { carrier-a: { dial: { asterisk: "PJSIP/{number}@a" } }, carrier-b: { dial: { asterisk: "PJSIP/{number}@b" } } }
routes: [{ digits: "*", trunks: [carrier-a, carrier-b] }]
limits: { retry_budget: { ratio: 100%, min_per_second: 0 } }
`);
    const { listener, raised } = start({ policy: () => policy });
    expect(raised()).toBe(0);
    listener.planned(wentOn(['carrier-a:503'], 503), { sip: 503, afterProgress: false });
    expect(raised()).toBe(1);
    listener.handover({ ...routed(), huntId: 'another@1', leg: 'PJSIP/caller-00000008' });
    expect(raised()).toBe(1);
  });
});
