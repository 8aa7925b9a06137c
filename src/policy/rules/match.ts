import type { Condition } from './condition';
import type { Fact } from '../facts';
import { FIELDS, type Field } from './fields';
import type { Rule } from '../policy-data';
import type { Situation } from '../situation';

/** One compiled key of a rule's `when`. */
export interface Test {
  readonly key: keyof Condition;
  readonly fact?: Fact;
  meets(situation: Situation): boolean;
  has(situation: Situation): ReturnType<Field<never>['has']>;
}

/** A rule with its condition, compiled once when the policy was loaded. */
export interface CompiledRule {
  readonly rule: Rule;
  readonly tests: readonly Test[];
}

export function compileRule(rule: Rule): CompiledRule {
  return { rule, tests: testsOf(rule.when) };
}

function testsOf(condition: Condition): readonly Test[] {
  return (Object.keys(FIELDS) as (keyof Condition)[]).flatMap((key) => {
    const wanted = condition[key];
    if (wanted === undefined) return [];
    // `wanted` is of the type that the field of the same key takes.
    const field = FIELDS[key] as Field<unknown>;
    const test: Test = {
      key,
      has: (situation) => field.has(situation),
      meets: field.asks(wanted),
    };
    return [field.fact === undefined ? test : { ...test, fact: field.fact }];
  });
}

/**
 * Whether a rule matches: true, false, or the facts needed to tell. One known field that does not match is
 * enough for false.
 */
export function matches({ tests }: CompiledRule, situation: Situation): boolean | readonly Fact[] {
  let open: Fact[] | undefined;
  for (const test of tests) {
    if (test.fact !== undefined && situation.unknown.has(test.fact)) {
      (open ??= []).push(test.fact);
    } else if (!test.meets(situation)) {
      return false;
    }
  }
  return open ?? true;
}

/** Where a rule is written: on the trunk, on the route, among the general or the built-in rules. */
export type RuleSource = 'trunk' | 'route' | 'general' | 'built-in';

/** Rules of one place, in the order in which they are tried. */
export interface RulesInOrder {
  readonly source: RuleSource;
  readonly rules: readonly CompiledRule[];
}
