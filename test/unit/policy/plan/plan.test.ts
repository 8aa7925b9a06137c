import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Evidence } from '../../../../src/model/failure';
import { PLANNED_STATUSES } from '../../../../src/model/planned';
import { normalize } from '../../../../src/normalize/normalize';
import { decide } from '../../../../src/policy/decide';
import type { Decision } from '../../../../src/policy/decision/decision';
import type { Hunt } from '../../../../src/policy/hunt';
import { standardPhrase } from '../../../../src/policy/plan/foreseen';
import { makePlan, plannedFor, type PlanQuestion } from '../../../../src/policy/plan/plan';
import type { Policy } from '../../../../src/policy/policy';
import type { Trunk } from '../../../../src/policy/policy-data';
import { frozen, type TrunkSnapshot } from '../../../../src/policy/trunk-snapshot';
import { hunts, moments, policies, trunkStates } from '../../../doubles/arbitraries';
import { huntOf, policyOf, START } from '../../../doubles/policies';

const TIMES = Number(process.env.CRANKBACK_TEST_RUNS ?? 200);

const EXAMPLE = policyOf(
  readFileSync(join(__dirname, '../../../../docs/policy.example.yaml'), 'utf8'),
);

/** Trunks as a store would show them: those with limits of their own are rationed. */
function storeOf(trunks: TrunkSnapshot, probing: readonly string[] = []) {
  const rationed = ({ name, limits }: Trunk) =>
    limits.concurrentCalls !== undefined ||
    limits.callsPerSecond !== undefined ||
    probing.includes(name);
  return { ...frozen(trunks), rationed };
}

const IDLE_SNAPSHOT: TrunkSnapshot = { obstacles: {}, turn: 0 };

function planOf(policy: Policy, more: Partial<PlanQuestion> = {}) {
  const hunt = more.hunt ?? huntOf([]);
  const route = policy.index.routes.find(hunt);
  return makePlan({
    policy,
    hunt,
    trunk: route?.trunks[0] ?? '',
    store: storeOf(IDLE_SNAPSHOT),
    reasonsKnown: false,
    now: START,
    ...more,
  });
}

/** What was refused when the plan was made may be refused for lack of time by now: it comes to the same. */
function asPlanned(decided: Decision, slot: Decision): Decision {
  const refused = decided.refused.map((why, index) =>
    why === 'time-spent' ? (slot.refused[index] ?? why) : why,
  );
  return { ...decided, refused };
}

/** `503 dial carrier-b` for each slot. */
function slotsOf(
  plan: ReturnType<typeof planOf>,
  which: 'beforeProgress' | 'afterProgress',
): string[] {
  return [...(plan?.[which] ?? [])].map(
    ([
      sip,
      {
        decision: { outcome },
      },
    ]) =>
      outcome.kind === 'dial'
        ? `${sip} dial ${outcome.trunk}`
        : outcome.kind === 'relay'
          ? `${sip} relay ${outcome.sip}`
          : `${sip} ${outcome.kind}`,
  );
}

const TWO = (rules: string) =>
  policyOf(`version: 1
emergency: [112]
timezone: Europe/Berlin
trunks:
  a: { dial: { asterisk: "PJSIP/{number}@a" } }
  b: { dial: { asterisk: "PJSIP/{number}@b" } }
routes: [{ digits: "*", trunks: [a, b], mailbox: "{number}@default" }]
limits: { start_within: 20s }
${rules && `rules:\n${rules}`}
`);

describe('a plan', () => {
  it("decides by what the trunk's carrier means, not by what another one does", () => {
    const policy = policyOf(`version: 1
emergency: []
trunks:
  a: { carrier: anhui-zhanxing, dial: { asterisk: "PJSIP/{number}@a" } }
  b: { dial: { asterisk: "PJSIP/{number}@b" } }
routes: [{ digits: "1*", trunks: [a, b] }, { digits: "2*", trunks: [b, a] }]
rules:
  - { when: { class: blocked }, do: { retry: next-trunk } }
`);
    const on404 = (number: string) =>
      slotsOf(planOf(policy, { hunt: huntOf([], { number }) }), 'beforeProgress').find((slot) =>
        slot.startsWith('404'),
      );
    expect(on404('1')).toBe('404 dial b');
    expect(on404('2')).toBe('404 relay 404');
  });

  it('decides with the example policy what most failures are', () => {
    const plan = planOf(EXAMPLE, { hunt: huntOf([], { number: '0301234567' }) });
    expect(slotsOf(plan, 'beforeProgress')).toEqual([
      '404 relay 404',
      '480 relay 480',
      '486 relay 486',
      // The rule of carrier-a for its 500 answers with a status of its own.
      '500 relay 404',
      '503 dial carrier-b',
      '600 relay 600',
      '603 relay 603',
    ]);
  });

  it('asks where the policy asks for something that is not known before', () => {
    expect(
      slotsOf(
        planOf(TWO('  - { when: { sip: 503, q850: 34 }, do: { relay: true } }')),
        'beforeProgress',
      ),
    ).toEqual(expect.not.arrayContaining([expect.stringMatching(/^503/)]));
    const byAge = '  - { when: { sip: 486, elapsed: ">8s" }, do: { relay: true } }';
    expect(slotsOf(planOf(TWO(byAge)), 'beforeProgress')).toEqual(
      expect.not.arrayContaining([expect.stringMatching(/^486/)]),
    );
    const byHeader = '  - { when: { sip: 486, header: { name: X-Code } }, do: { relay: true } }';
    expect(slotsOf(planOf(TWO(byHeader)), 'beforeProgress')).toEqual(
      expect.not.arrayContaining([expect.stringMatching(/^486/)]),
    );
    const byTime = '  - { when: { sip: 486, time: "Mo-Fr 20:00-07:00" }, do: { relay: true } }';
    expect(slotsOf(planOf(TWO(byTime)), 'beforeProgress')).toEqual(
      expect.not.arrayContaining([expect.stringMatching(/^486/)]),
    );
  });

  it('knows how many trunks will be left, and what country is called', () => {
    const last = '  - { when: { sip: 486, attempts_left: 1 }, do: { retry: next-trunk } }';
    expect(slotsOf(planOf(TWO(last)), 'beforeProgress')).toContain('486 dial b');
    const none = '  - { when: { sip: 503, attempts_left: 0 }, do: { relay: { as: 480 } } }';
    expect(slotsOf(planOf(TWO(none)), 'beforeProgress')).toContain('503 dial b');
    const country = `  - { when: { sip: 486, callee_country: DE }, do: { retry: next-trunk } }
numbering: { country: DE }`;
    const plan = planOf(TWO(country), { hunt: huntOf([], { number: '030123456' }) });
    expect(slotsOf(plan, 'beforeProgress')).toContain('486 dial b');
  });

  it('takes the standard phrase for granted', () => {
    const rule = '  - { when: { sip: 603, phrase: "*capacity*" }, do: { retry: next-trunk } }';
    expect(slotsOf(planOf(TWO(rule)), 'beforeProgress')).toContain('603 relay 603');
  });

  it('asks after ringing or early media where that may matter', () => {
    const plan = planOf(TWO('  - { when: { sip: 486 }, do: { relay: true } }'));
    expect(slotsOf(plan, 'beforeProgress')).toContain('503 dial b');
    expect(slotsOf(plan, 'afterProgress')).toEqual(
      expect.not.arrayContaining([expect.stringMatching(/^(503|480)/)]),
    );
    expect(slotsOf(plan, 'afterProgress')).toContain('486 relay 486');
  });

  it('asks for the class of a generic status where a Reason header may refine it', () => {
    const byClass = planOf(TWO(''), { reasonsKnown: true });
    expect(slotsOf(byClass, 'beforeProgress')).toEqual(['486 voicemail', '600 voicemail']);
    const byStatus = TWO('  - { when: { sip: 503 }, do: { retry: next-trunk } }');
    expect(slotsOf(planOf(byStatus, { reasonsKnown: true }), 'beforeProgress')).toContain(
      '503 dial b',
    );
  });

  it('has no way out over a trunk that may be refused, nor one that depends on it', () => {
    const limited = policyOf(`version: 1
emergency: [112]
trunks:
  a: { dial: { asterisk: "PJSIP/{number}@a" } }
  b: { dial: { asterisk: "PJSIP/{number}@b" }, limits: { concurrent_calls: 3 } }
  c: { dial: { asterisk: "PJSIP/{number}@c" } }
routes: [{ digits: "1*", trunks: [a, b, c] }, { digits: "*", trunks: [a, c] }]
`);
    const full: TrunkSnapshot = { obstacles: { b: { kind: 'full', why: '3 calls' } }, turn: 0 };
    for (const trunks of [IDLE_SNAPSHOT, full]) {
      const plan = planOf(limited, { hunt: huntOf([], { number: '100' }), store: storeOf(trunks) });
      expect(slotsOf(plan, 'beforeProgress')).toEqual([
        '404 relay 404',
        '480 relay 480',
        '486 relay 486',
        '600 relay 600',
        '603 relay 603',
      ]);
    }
    expect(slotsOf(planOf(limited), 'beforeProgress')).toContain('503 dial c');
    const probing = storeOf(IDLE_SNAPSHOT, ['c']);
    expect(slotsOf(planOf(limited, { store: probing }), 'beforeProgress')).not.toContain(
      '503 dial c',
    );
  });

  it('does not count on a retry budget that is used up', () => {
    const budget = policyOf(`version: 1
emergency: [112]
trunks: { a: { dial: { asterisk: "PJSIP/{number}@a" } }, b: { dial: { asterisk: "PJSIP/{number}@b" } } }
routes: [{ digits: "*", trunks: [a, b] }]
limits: { retry_budget: { ratio: 20%, min_per_second: 10 } }
`);
    const left = (retriesLeft: number) => storeOf({ ...IDLE_SNAPSHOT, retriesLeft });
    expect(slotsOf(planOf(budget, { store: left(1) }), 'beforeProgress')).toContain('503 dial b');
    const spent = slotsOf(planOf(budget, { store: left(0) }), 'beforeProgress');
    expect(spent).toEqual(expect.not.arrayContaining([expect.stringMatching(/^503/)]));
  });

  it('holds for a status that the PBX makes up only where the call goes the same way', () => {
    const locallyGenerated = [503] as const;
    expect(slotsOf(planOf(TWO(''), { locallyGenerated }), 'beforeProgress')).toContain(
      '503 dial b',
    );
    const otherwise = TWO('  - { when: { class: local-unreachable }, do: { relay: true } }');
    expect(slotsOf(planOf(otherwise), 'beforeProgress')).toContain('503 dial b');
    expect(slotsOf(planOf(otherwise, { locallyGenerated }), 'beforeProgress')).not.toContain(
      '503 dial b',
    );
  });

  it('holds for such a status of a phone where the caller gets a status either way', () => {
    const phones = (mailbox: string) =>
      policyOf(`version: 1
emergency: []
trunks: { a: { dial: { freeswitch: "user/{number}" } } }
routes: [{ digits: "*", trunks: [a]${mailbox} }]
`);
    const slot = (mailbox: string) =>
      slotsOf(planOf(phones(mailbox), { locallyGenerated: [503] }), 'beforeProgress').filter(
        (one) => one.startsWith('503'),
      );
    expect(slot('')).toEqual(['503 relay 503']);
    // An absent phone's caller gets its mailbox, not the 503.
    expect(slot(', mailbox: "{number}@default"')).toEqual([]);
  });

  it('ends when no further attempt may start, its pause included', () => {
    const policy = TWO(
      '  - { when: { sip: 500 }, do: { retry: same-trunk, delay: 2s, times: 1 } }',
    );
    expect(planOf(policy)?.until).toBe(START + 18_000);
    expect(planOf(TWO(''))?.until).toBe(START + 20_000);
  });

  it('holds also where the time has run out for what was refused anyway', () => {
    const policy = TWO(
      '  - { when: { sip: 500 }, do: { retry: same-trunk, delay: 2s, times: 1 } }',
    );
    const plan = planOf(policy, { hunt: huntOf(['a:500']), trunk: 'a' });
    const slot = plan && plannedFor(plan, 500, false);
    const failed = huntOf(['a:500', 'a:500']);
    const said = {
      source: 'dialplan',
      sip: 500,
      phrase: standardPhrase(500),
      origin: 'far',
    } as const;
    const failure = normalize([{ ...said, rang: false, progress: false }]);
    const decided = decide(policy, failed, failure, frozen(IDLE_SNAPSHOT), START + 19_000);
    expect(plan?.until).toBe(START + 20_000);
    expect(slot?.refused).toEqual(['times-spent']);
    expect(decided).toEqual({ ...slot, refused: ['time-spent'] });
  });

  it('is for the attempt that begins', () => {
    expect(planOf(TWO(''))?.attempts).toBe(1);
    const second = planOf(TWO(''), { hunt: huntOf(['a:503']), trunk: 'b' });
    expect(second?.attempts).toBe(2);
    expect(slotsOf(second, 'beforeProgress')).toContain('503 relay 503');
  });

  it('is not made for a call for help', () => {
    expect(planOf(TWO(''), { hunt: huntOf([], { number: '112' }) })).toBeUndefined();
  });
});

const REASONS: Evidence['reasons'][] = [
  undefined,
  [],
  ...[1, 3, 17, 18, 21, 34, 65, 88, 127].map((cause) => [
    { protocol: 'Q.850', cause, location: 'LN' },
  ]),
];

describe('whatever the policy, the hunt and the trunks', () => {
  it('a slot says what is decided on each failure for which the PBX uses it', () => {
    let filled = 0;
    fc.assert(
      fc.property(
        policies,
        hunts,
        trunkStates,
        fc.tuple(moments, fc.nat(5_000)),
        fc.boolean(),
        fc.constantFrom(...PLANNED_STATUSES),
        fc.record({
          heard: fc.constantFrom('nothing', 'rang', 'progress', 'early media'),
          reasons: fc.constantFrom(...REASONS),
          q850: fc.option(fc.constantFrom(17, 34, 41), { nil: undefined }),
        }),
        (policy, start, trunks, [now, lasts], reasonsKnown, sip, said) => {
          const hunt: Hunt = { ...start, attempts: start.attempts.slice(0, -1) };
          const trunk = start.attempts.at(-1)?.trunk ?? '';
          const store = storeOf(trunks);
          const plan = makePlan({ policy, hunt, trunk, store, reasonsKnown, now });
          const heard = said.heard !== 'nothing';
          const slot = plan && plannedFor(plan, sip, heard);
          const failedAt = now + lasts;
          if (!plan || !slot || failedAt > plan.until) return;
          filled += 1;
          const rang = said.heard === 'rang';
          const evidence: Evidence[] = [
            {
              source: 'dialplan',
              sip,
              phrase: standardPhrase(sip),
              rang,
              progress: heard,
              ...(said.heard === 'early media' && { earlyMediaMs: lasts }),
              origin: 'far',
            },
            // What mirrored SIP and channel events may add; the first only where it is known.
            {
              source: 'more',
              sip,
              rang: false,
              progress: false,
              origin: 'far',
              ...(reasonsKnown && said.reasons && { reasons: said.reasons }),
              ...(said.q850 !== undefined && { q850: said.q850 }),
            },
          ];
          const failure = normalize(evidence, policy.phrases);
          const failed = { ...hunt, attempts: [...hunt.attempts, { trunk, sip, rang }] };
          const decided = decide(policy, failed, failure, frozen(plan.trunks), failedAt);
          expect('refused' in decided && asPlanned(decided, slot)).toEqual(slot);
        },
      ),
      { numRuns: TIMES * 20 },
    );
    // Or the property would be shown of nothing.
    expect(filled).toBeGreaterThan(TIMES / 2);
  });
});
