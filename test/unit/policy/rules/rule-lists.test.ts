import fc from 'fast-check';
import { FACTS } from '../../../../src/policy/facts';
import type { Rule } from '../../../../src/policy/policy-data';
import type { Condition } from '../../../../src/policy/rules/condition';
import { compileRule, matches, type CompiledRule } from '../../../../src/policy/rules/match';
import { RuleList } from '../../../../src/policy/rules/rule-lists';
import type { Situation } from '../../../../src/policy/situation';
import { condition, failures } from '../../../doubles/arbitraries';
import { failureOf, huntOf, policyOf, situationOf } from '../../../doubles/policies';

const POLICY = policyOf(`
version: 1
emergency: []
trunks:
  carrier-a: { dial: { asterisk: "PJSIP/{number}@a" } }
routes:
  - { digits: "*", trunks: [carrier-a] }
`);

function ruleOf(when: Condition, line: number): CompiledRule {
  const at = { file: 'policy.yaml', line, column: 1 };
  const rule: Rule = { at, when, do: { treatment: { kind: 'relay' } } };
  return compileRule(rule);
}

const linesOf = (rules: readonly CompiledRule[]): readonly number[] =>
  rules.map(({ rule }) => rule.at.line);
/** What a list offers that may match, and what a look at every rule finds. */
function compared(list: RuleList, situation: Situation) {
  const may = (rule: CompiledRule) => matches(rule, situation) !== false;
  return {
    found: linesOf(list.candidates(situation).rules.filter(may)),
    all: linesOf(list.all.rules.filter(may)),
  };
}

const pattern = fc.constantFrom(
  ...[
    '*',
    'X*',
    '1*',
    '100*',
    '1001',
    '[12]001',
    '2[0-9]0',
    '[*]9',
    '_*9',
    '_NXX',
    '+49*',
    '+4930*',
    '0301234567',
  ],
);
const numbered = fc.record<Condition>(
  {
    digits: fc.array(pattern, { minLength: 1, maxLength: 3 }),
    from: fc.array(pattern, { minLength: 1, maxLength: 2 }),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Condition>;
const rule = fc.tuple(condition, numbered).map(([one, other]): Condition => ({ ...one, ...other }));

it('rules are found as if each was looked at, in their order, the third time too', () => {
  fc.assert(
    fc.property(
      fc.array(rule, { maxLength: 40 }),
      fc.array(fc.constantFrom('1001', '200', '*9', '+4930555', '0301234567', '', 'x1'), {
        minLength: 1,
        maxLength: 4,
      }),
      fc.option(fc.constantFrom('1001', '+49301', '', 'anonymous'), { nil: undefined }),
      failures,
      fc.subarray([...FACTS]),
      (conditions, numbers, from, failure, unknown) => {
        const list = new RuleList('general', conditions.map(ruleOf));
        // As a plan's: one object, whatever is decided on it.
        const foreseen = unknown.length > 0 ? { ...failure, unknown: new Set(unknown) } : failure;
        for (const number of [...numbers, ...numbers, ...numbers]) {
          const hunt = { ...huntOf(['carrier-a']), number, ...(from !== undefined && { from }) };
          const situation = situationOf(POLICY, hunt, foreseen, { unknown: new Set(unknown) });
          const { found, all } = compared(list, situation);
          expect(found).toEqual(all);
        }
      },
    ),
    { numRuns: Number(process.env.CRANKBACK_TEST_RUNS ?? 300) },
  );
});

it('of ten thousand rules for numbers few are looked at, also for a plan', () => {
  const rules = Array.from({ length: 10_000 }, (_, index) =>
    ruleOf({ sip: [{ from: 503, to: 503 }], digits: [`+${10_000 + index}*`] }, index),
  );
  const list = new RuleList('general', rules);
  const hunt = { ...huntOf(['carrier-a']), number: '+123455550' };
  const foreseen = { ...failureOf(503), unknown: new Set(['time'] as const) };
  const known = situationOf(POLICY, hunt, failureOf(503));
  const planned = situationOf(POLICY, hunt, foreseen, { unknown: foreseen.unknown });
  expect(linesOf(list.candidates(known).rules)).toEqual([2345]);
  for (let time = 1; time <= 2; time += 1) list.candidates(planned);
  expect(linesOf(list.candidates(planned).rules)).toEqual([2345]);
  const other = situationOf(POLICY, hunt, failureOf(486));
  expect(list.candidates(other).rules).toEqual([]);
});
