import { explain } from '../../../src/policy/decision/explain';
import type { DecisionInputs } from '../../../src/policy/decision/inputs';
import { failureOf, huntOf, policyOf, START } from '../../doubles/policies';

/** One rule per key of `when`, none of which matches. */
const policy = policyOf(`version: 1
emergency: [112]
timezone: Europe/Berlin
trunks:
  a: { dial: { asterisk: "PJSIP/{number}@a" } }
  b: { dial: { asterisk: "PJSIP/{number}@b" } }
  c: { dial: { asterisk: "PJSIP/{number}@c" } }
routes: [{ digits: "*", trunks: [a, b, c] }]
numbering: { country: US }
limits: { attempts: 3, start_within: 10s, retry_budget: { ratio: 10%, min_per_second: 2 } }
rules:
  - { when: { class: busy }, do: { relay: true } }
  - { when: { fault: callee }, do: { relay: true } }
  - { when: { sip: 500 }, do: { relay: true } }
  - { when: { q850: 1 }, do: { relay: true } }
  - { when: { location: U }, do: { relay: true } }
  - { when: { rang: true }, do: { relay: true } }
  - { when: { progress: false }, do: { relay: true } }
  - { when: { early_media: false }, do: { relay: true } }
  - { when: { local: true }, do: { relay: true } }
  - { when: { within: 19ms }, do: { relay: true } }
  - { when: { elapsed: ">2s" }, do: { relay: true } }
  - { when: { trunk: b }, do: { relay: true } }
  - { when: { attempt: 2 }, do: { relay: true } }
  - { when: { attempts_left: 0 }, do: { relay: true } }
  - { when: { context: x }, do: { relay: true } }
  - { when: { digits: "9*" }, do: { relay: true } }
  - { when: { from: "9*" }, do: { relay: true } }
  - { when: { caller_country: DE }, do: { relay: true } }
  - { when: { callee_country: DE }, do: { relay: true } }
  - { when: { phrase: x }, do: { relay: true } }
  - { when: { header: { name: X-Code, value: E7 } }, do: { relay: true } }
  - { when: { time: "Mo 00:00-01:00" }, do: { relay: true } }
  - { when: { sip: 503 }, do: { retry: next-trunk } }
  - { do: { relay: true } }
`);

const inputs = (more: Partial<DecisionInputs> = {}): DecisionInputs => ({
  policyHash: policy.hash,
  hunt: huntOf(['a:503']),
  failure: failureOf(503, {
    phrase: 'Full',
    q850: 34,
    progress: true,
    earlyMediaMs: 5,
    failedAfterMs: 20,
    headers: [{ name: 'x-code', value: 'D12' }],
    reasons: [{ protocol: 'Q.850', location: 'LN' }],
  }),
  trunks: { obstacles: { b: { kind: 'held', why: 'held by hand' } }, retriesLeft: 7, turn: 0 },
  now: START + 2000,
  ...more,
});

describe('an explanation', () => {
  it('names every rule that did not match with what the call had instead, and the one that did', () => {
    const { rules } = explain(policy, inputs());
    expect(rules.map(({ mismatch }) => mismatch && [mismatch.key, mismatch.had])).toEqual([
      ['class', 'trunk-congested'],
      ['fault', 'trunk'],
      ['sip', 503],
      ['q850', 34],
      ['location', 'LN'],
      ['rang', false],
      ['progress', true],
      ['earlyMedia', true],
      ['local', false],
      ['within', 20],
      ['elapsed', 2000],
      ['trunk', 'a'],
      ['attempt', 1],
      ['attemptsLeft', 2],
      ['context', undefined],
      ['digits', '200'],
      ['from', undefined],
      ['callerCountry', undefined],
      ['calleeCountry', undefined],
      ['phrase', 'Full'],
      ['header', 'x-code: D12'],
      ['time', expect.stringMatching(/^[A-Z][a-z] \d\d:\d\d$/) as string],
      undefined,
    ]);
    expect(rules.at(-1)).toMatchObject({ source: 'general', at: { line: 34 } });
  });

  it.each([
    ['2026-01-05T00:05Z', 'Mo 01:05'],
    ['2026-01-06T09:00Z', 'Tu 10:00'],
    ['2026-01-07T23:30Z', 'Th 00:30'],
    ['2026-01-07T09:00Z', 'We 10:00'],
    ['2026-01-09T09:09Z', 'Fr 10:09'],
    ['2026-01-10T09:00Z', 'Sa 10:00'],
    ['2026-01-11T09:00Z', 'Su 10:00'],
  ])('tells the time of day at %s: %s', (moment, expected) => {
    const { rules } = explain(policy, inputs({ now: Date.parse(moment) }));
    expect(rules.find(({ mismatch }) => mismatch?.key === 'time')?.mismatch?.had).toBe(expected);
  });

  it('tells the trunks of the route and what was left of the limits', () => {
    expect(explain(policy, inputs())).toMatchObject({
      decision: { outcome: { kind: 'dial', trunk: 'c' } },
      trunks: [
        { trunk: 'a', state: 'tried' },
        { trunk: 'b', state: 'held by hand' },
        { trunk: 'c', state: 'free' },
      ],
      left: { attempts: 2, startWithin: 8000, retries: 7 },
    });
    const over = inputs({
      now: START + 99_000,
      hunt: huntOf(['a:503', 'b:503', 'c:503', 'a:503']),
    });
    expect(explain(policy, over).left).toMatchObject({ attempts: 0, startWithin: 0 });
  });

  it('of a first attempt or an emergency call tells of no rules', () => {
    const { policyHash, trunks, now } = inputs();
    const hunt = huntOf([]);
    expect(explain(policy, { policyHash, hunt, trunks, now })).toMatchObject({
      rules: [],
      decision: { outcome: { trunk: 'a' } },
    });
    expect(explain(policy, inputs({ hunt: huntOf(['a:503'], { number: '112' }) }))).toMatchObject({
      rules: [],
      decision: { outcome: { trunk: 'b' } },
    });
  });
});
