import type { WholePolicy } from '../../policy/policy';
import { waysOf } from '../../policy/routes/tables';
import type { Action, Rule, RouteTable, Trunk, Route } from '../../policy/policy-data';

/** One list of rules in a policy file, with its owner. */
export interface RuleList {
  readonly rules: readonly Rule[];
  /** The trunk that these rules are exceptions for. */
  readonly trunk?: Trunk;
  /** The route that owns these rules. */
  readonly route?: Route;
}

/** Every list of rules in the file, in no particular order, without the built-in ones. */
export function ruleLists(policy: WholePolicy): readonly RuleList[] {
  const { trunks, routes, rules, tables = [] } = policy;
  return [
    ...[...trunks.values()].map((trunk) => ({ trunk, rules: trunk.rules })),
    ...[...routes, ...tables.map(tableAsRoute)].map((route) => ({ route, rules: route.rules })),
    { rules },
  ];
}

/** A table as one route with all of its trunks, where only what its rows have in common matters. */
export function tableAsRoute(table: RouteTable): Route {
  const { file, shared } = table;
  const trunks = [...new Set(waysOf(table).flat())];
  return { ...shared, at: { file, line: 1, column: 1 }, digits: [], trunks };
}

/** A rule's possible actions: its `do`, and its `else` if it has one. */
export function actionsOf(rule: Rule): readonly Action[] {
  return [rule.do, ...(rule.else ? [rule.else] : [])];
}
