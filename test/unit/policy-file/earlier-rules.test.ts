import fc from 'fast-check';
import type { Condition } from '../../../src/policy/rules/condition';
import { EarlierRules } from '../../../src/policy-file/warnings/earlier-rules';
import { covers } from '../../../src/policy-file/warnings/shadowed';
import { condition } from '../../doubles/arbitraries';

const pattern = fc.constantFrom('*', '1*', '10*', '[12]0*', '_1X.', '100', 'X*', '+49*', '+4930*');
const numbered = fc.record(
  {
    digits: fc.array(pattern, { minLength: 1, maxLength: 3 }),
    from: fc.array(pattern, { minLength: 1, maxLength: 2 }),
    phrase: fc.array(fc.constantFrom('*', 'full', '*lines*'), { minLength: 1, maxLength: 2 }),
    trunk: fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 2 }),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Condition>;
const rule = fc.tuple(condition, numbered).map(([one, other]): Condition => ({ ...one, ...other }));

it('of the earlier rules, those that are looked at are at least those that cover a rule', () => {
  let covered = 0;
  fc.assert(
    fc.property(fc.array(rule, { maxLength: 25 }), (rules) => {
      const seen = new EarlierRules();
      for (const [index, when] of rules.entries()) {
        const found = seen.thatMayCover(when);
        expect([...found]).toEqual([...new Set(found)].sort((one, other) => one - other));
        const naive = rules.slice(0, index).findIndex((earlier) => covers(earlier, when));
        const first = found.find((place) => covers(rules[place] ?? {}, when)) ?? -1;
        expect(first).toBe(naive);
        if (naive >= 0) covered += 1;
        seen.add(when);
      }
    }),
    { numRuns: Number(process.env.CRANKBACK_TEST_RUNS ?? 150) },
  );
  // Or the property would be shown of nothing.
  expect(covered).toBeGreaterThan(5);
});

it('of ten thousand rules few are looked at', () => {
  const seen = new EarlierRules();
  const sip = [{ from: 503, to: 503 }];
  let looked = 0;
  for (let index = 0; index < 10_000; index += 1) {
    const when: Condition = { sip, digits: [`+${10_000 + index}*`] };
    looked += seen.thatMayCover(when).length;
    seen.add(when);
  }
  expect(looked).toBe(0);
  expect(seen.thatMayCover({ sip, digits: ['+123455550'] })).toEqual([2345]);
});
