import type { WholePolicy } from '../../policy/policy';
import type { Action, Rule, Trunk, Route } from '../../policy/policy-data';

/** One list of rules in a policy file, with its owner. */
export interface RuleList {
  readonly rules: readonly Rule[];
  /** The trunk that these rules are exceptions for. */
  readonly trunk?: Trunk;
  /** The route that owns these rules. */
  readonly route?: Route;
}

/** Every list of rules in the file, in no particular order, without the built-in ones. */
export function ruleLists({ trunks, routes, rules }: WholePolicy): readonly RuleList[] {
  return [
    ...[...trunks.values()].map((trunk) => ({ trunk, rules: trunk.rules })),
    ...routes.map((route) => ({ route, rules: route.rules })),
    { rules },
  ];
}

/** A rule's possible actions: its `do`, and its `else` if it has one. */
export function actionsOf(rule: Rule): readonly Action[] {
  return [rule.do, ...(rule.else ? [rule.else] : [])];
}
