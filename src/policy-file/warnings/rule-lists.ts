import type { WholePolicy } from '../../policy/policy';
import type { Action, Rule, Trunk, Route } from '../../policy/policy-data';

/** One list of rules of a policy file, with what it belongs to. */
export interface RuleList {
  readonly rules: readonly Rule[];
  /** The trunk whose exceptions these are. */
  readonly trunk?: Trunk;
  /** The route whose rules these are. */
  readonly route?: Route;
}

/** Every list of rules of the file, in no particular order; not the built-in ones. */
export function ruleLists({ trunks, routes, rules }: WholePolicy): readonly RuleList[] {
  return [
    ...[...trunks.values()].map((trunk) => ({ trunk, rules: trunk.rules })),
    ...routes.map((route) => ({ route, rules: route.rules })),
    { rules },
  ];
}

/** What a rule may do: its `do`, and its `else` where it has one. */
export function actionsOf(rule: Rule): readonly Action[] {
  return [rule.do, ...(rule.else ? [rule.else] : [])];
}
