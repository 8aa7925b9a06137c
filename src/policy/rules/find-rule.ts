import type { DecisionContext } from '../decision/context';
import { needs, type Fact, type Needs } from '../facts';
import type { Rule } from '../policy-data';
import { matches, type RuleSource } from './match';

export interface FoundRule {
  readonly rule: Rule;
  readonly source: RuleSource;
}

/**
 * The first rule that matches: the trunk's own, then the route's, the general and the built-in rules. An
 * earlier rule that could still match makes the answer `Needs`, with the facts of all such rules.
 */
export function findRule(context: DecisionContext): FoundRule | Needs | undefined {
  let open: Fact[] | undefined;
  for (const { source, rules } of context.policy.index.rulesFor(context)) {
    for (const compiled of rules) {
      const match = matches(compiled, context);
      if (match === false) continue;
      if (match === true) return open ? needs(open) : { rule: compiled.rule, source };
      (open ??= []).push(...match);
    }
  }
  return open && needs(open);
}
