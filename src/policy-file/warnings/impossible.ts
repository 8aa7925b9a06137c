import { FAULT_OF } from '../../model/classes';
import type { WholePolicy } from '../../policy/policy';
import type { Rule } from '../../policy/policy-data';
import { actionsOf, ruleLists, type RuleList } from './rule-lists';
import type { Warning } from './warning';

/** Rules with conditions that exclude each other, and retries that a limit makes impossible. */
export function impossibleRules(policy: WholePolicy): readonly Warning[] {
  return ruleLists(policy).flatMap((list) =>
    list.rules.flatMap((rule) => {
      const { at } = rule;
      const why = contradiction(rule, list, policy);
      const found =
        why === undefined
          ? []
          : [
              {
                ...{ at, finding: 'CB1304' as const, expected: why[1] },
                message: `this rule can never match: ${why[0]}`,
              },
            ];
      return [...found, ...unreachableTimes(rule, policy)];
    }),
  );
}

/** The contradiction, and what to do about it. */
function contradiction(
  { when }: Rule,
  { trunk }: RuleList,
  { limits }: WholePolicy,
): readonly [string, string] | undefined {
  const { fault, attempt, attemptsLeft } = when;
  if (fault && when.class && !when.class.some((name) => fault.includes(FAULT_OF[name]))) {
    const faults = [...new Set(when.class.map((name) => FAULT_OF[name]))].join(', ');
    return [`that class is the fault of: ${faults}`, 'Leave one of class and fault out'];
  }
  if (when.rang === true && when.progress === false) {
    return ['ringing is progress', 'Leave progress out'];
  }
  if (when.earlyMedia === true && when.progress === false) {
    return ['early media is progress', 'Leave progress out'];
  }
  if (attempt && Math.min(...attempt) > limits.attempts) {
    return [`limits.attempts is ${limits.attempts}`, 'Raise limits.attempts or lower attempt'];
  }
  if (attemptsLeft && Math.min(...attemptsLeft) >= limits.attempts) {
    const why = `after one attempt there are ${limits.attempts - 1} left: limits.attempts is ${limits.attempts}`;
    return [why, 'Raise limits.attempts or lower attempts_left'];
  }
  if (trunk && when.trunk && !when.trunk.includes(trunk.name)) {
    return [`it stands among the rules of ${trunk.name}`, 'Move it to the trunk that it is about'];
  }
  return undefined;
}

function unreachableTimes(rule: Rule, { limits }: WholePolicy): readonly Warning[] {
  return actionsOf(rule).flatMap(({ treatment }) => {
    if (treatment.kind !== 'retry' || treatment.target !== 'same-trunk') return [];
    const { attempts } = limits;
    if (treatment.times < attempts) return [];
    const message = `times: ${treatment.times} is never reached: limits.attempts is ${attempts}, the first one included`;
    const expected = `Raise limits.attempts to ${treatment.times + 1}`;
    return [{ at: rule.at, finding: 'CB1305', message, expected }];
  });
}
