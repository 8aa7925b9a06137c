import { policyOf } from '../../doubles/policies';
import { failed, HUNT_ID, POLICY, routed, setUp, wentOn } from '../../doubles/call-pipeline';

describe('a call that the PBX has begun without asking', () => {
  const begin = (trunk = 'carrier-a', upToDate = true, policy = POLICY) => {
    const started = setUp({ policy: () => policy });
    started.listener.begun({ handover: routed(), trunk, upToDate });
    return started;
  };

  it('is recorded, counted and explained as a call that has asked, and is not answered', async () => {
    const { answers, journal, lines, trunks, counted } = begin();
    expect(answers).toEqual([]);
    const asked = setUp();
    asked.listener.handover(routed());
    const [decision] = journal.find(HUNT_ID)?.decisions ?? [];
    const [ofAsking] = asked.journal.find(HUNT_ID)?.decisions ?? [];
    expect(decision).toEqual({ ...ofAsking, planned: true });
    expect(lines).toMatchObject([
      { message: 'decision', outcome: 'dial carrier-a', planned: true },
    ]);
    expect(trunks.inUseOn('carrier-a')).toBe(1);
    expect(await counted('crankback_plans_used_total')).toMatchObject([{ value: 1 }]);
  });

  it('goes on by the plan that a call which has asked would have', () => {
    const { listener, journal, answers } = begin();
    listener.planned(wentOn(['carrier-a:503'], 503), { sip: 503, afterProgress: false });
    const outcomes = journal.find(HUNT_ID)?.decisions.map(({ outcome }) => outcome);
    expect(outcomes).toMatchObject([{ trunk: 'carrier-a' }, { trunk: 'carrier-b' }]);
    expect(answers).toEqual([]);
  });

  it('goes on by itself while nobody can be asked: failure and decision are recorded', async () => {
    const { listener, answers, journal, trunks, counted } = begin();
    listener.wentOn(wentOn(['carrier-a:503'], 503), 'carrier-b');
    const recorded = journal.find(HUNT_ID);
    expect(recorded?.attempts).toMatchObject([{ trunk: 'carrier-a', sip: 503 }]);
    const asking = setUp();
    asking.listener.handover(failed(503));
    const [ofAsking] = asking.journal.find(HUNT_ID)?.decisions ?? [];
    const [, decision] = recorded?.decisions ?? [];
    expect(decision).toMatchObject({
      outcome: ofAsking?.outcome,
      rule: ofAsking?.rule,
      planned: true,
    });
    expect([trunks.inUseOn('carrier-a'), trunks.inUseOn('carrier-b')]).toEqual([0, 1]);
    expect(await counted('crankback_plan_mismatches_total')).toEqual([]);
    expect(answers).toEqual([]);
  });

  it('goes on to another trunk than the policy says by now: what happened is recorded', () => {
    const { listener, journal, trunks } = begin();
    listener.wentOn(wentOn(['carrier-a:503'], 503), 'gone');
    expect(journal.find(HUNT_ID)?.decisions).toMatchObject([
      { outcome: { trunk: 'carrier-a' } },
      { outcome: { trunk: 'gone' }, why: 'the PBX went on by what it was told before' },
    ]);
    expect([trunks.inUseOn('carrier-a'), trunks.inUseOn('carrier-b')]).toEqual([0, 0]);
  });

  it('asks later like any other', () => {
    const { listener, answers, trunks } = begin();
    listener.handover(failed(503));
    expect(answers).toMatchObject([{ outcome: { kind: 'dial', trunk: 'carrier-b' } }]);
    expect([trunks.inUseOn('carrier-a'), trunks.inUseOn('carrier-b')]).toEqual([0, 1]);
  });

  it.each([
    ['by what was told before, which is no mismatch', false, []],
    ['though it knew what is in force, which is one', true, [{ value: 1 }]],
  ])('on another trunk %s: what happened is recorded', async (_, upToDate, mismatches) => {
    const { journal, trunks, counted } = begin('carrier-b', upToDate);
    expect(journal.find(HUNT_ID)?.decisions).toMatchObject([
      { outcome: { kind: 'dial', trunk: 'carrier-b' }, planned: true },
    ]);
    expect([trunks.inUseOn('carrier-a'), trunks.inUseOn('carrier-b')]).toEqual([0, 1]);
    expect(await counted('crankback_plan_mismatches_total')).toMatchObject(mismatches);
  });

  it('on a trunk that is full by now counts there all the same', () => {
    const policy = policyOf(`version: 1
emergency: []
trunks:
  carrier-a: { dial: { asterisk: "PJSIP/{number}@a" }, limits: { concurrent_calls: 1 } }
routes: [{ digits: "*", trunks: [carrier-a] }]
`);
    const { listener, trunks } = begin('carrier-a', false, policy);
    const other = { ...routed(), huntId: 'other@1', leg: 'other' };
    listener.begun({ handover: other, trunk: 'carrier-a', upToDate: false });
    expect(trunks.inUseOn('carrier-a')).toBe(2);
  });

  it('on a trunk that the policy no longer has is recorded', () => {
    const { journal } = begin('gone', false);
    expect(journal.find(HUNT_ID)?.decisions).toMatchObject([{ outcome: { trunk: 'gone' } }]);
  });
});
