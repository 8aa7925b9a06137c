import { KNOWN_PHRASES } from '../model/phrases';
import type { Action, Condition, Limits, Policy, Route, Rule, Trunk } from '../policy/policy';
import type { Path } from './problems';
import type { ActionText, PolicyText, RuleText } from './schema';
import type { YamlTree } from './yaml-source';

/** A valid policy file as `decide` uses it; hash and built-in rules come from elsewhere. */
export function compile(text: PolicyText, tree: YamlTree): Omit<Policy, 'hash' | 'defaults'> {
  const limits: Limits = {
    attempts: text.limits.attempts,
    startWithin: text.limits.start_within,
    progressGrace: text.limits.progress_grace,
  };
  return {
    emergency: text.emergency,
    trunks: new Map(
      Object.entries(text.trunks).map(([name, trunk]) => [name, compileTrunk(name, trunk, tree)]),
    ),
    routes: text.routes.map((route, index) => compileRoute(route, ['routes', index], tree)),
    limits,
    rules: compileRules(text.rules, ['rules'], tree),
    phrases: KNOWN_PHRASES.with(text.phrases),
  };
}

/** Rules in file order, each with its place. `path` leads to their list. */
export function compileRules(
  rules: readonly RuleText[],
  path: Path,
  tree: YamlTree,
): readonly Rule[] {
  return rules.map((rule, index) => ({
    at: tree.positionOf([...path, index]),
    when: compileCondition(rule.when),
    do: compileAction(rule.do),
    ...(rule.else && { else: compileAction(rule.else) }),
  }));
}

function compileTrunk(name: string, text: PolicyText['trunks'][string], tree: YamlTree): Trunk {
  const path = ['trunks', name];
  return {
    name,
    at: tree.keyPositionOf(path),
    asterisk: text.asterisk,
    firstResponse: text.first_response,
    ringTimeout: text.ring_timeout,
    rules: compileRules(text.rules, [...path, 'rules'], tree),
  };
}

function compileRoute(text: PolicyText['routes'][number], path: Path, tree: YamlTree): Route {
  return {
    at: tree.positionOf(path),
    digits: text.digits,
    trunks: text.trunks,
    ...(text.mailbox !== undefined && { mailbox: text.mailbox }),
    rules: compileRules(text.rules, [...path, 'rules'], tree),
  };
}

function compileCondition(text: RuleText['when']): Condition {
  return {
    ...(text?.class !== undefined && { class: [text.class].flat() }),
    ...(text?.sip !== undefined && { sip: [text.sip].flat() }),
  };
}

function compileAction(text: ActionText): Action {
  return { treatment: treatmentOf(text), ...(text.log && { log: text.log }) };
}

function treatmentOf(text: ActionText): Action['treatment'] {
  if (text.retry) return { kind: 'retry', target: text.retry };
  if (text.voicemail) return { kind: 'voicemail' };
  // Also where only `log` is given: a note in the log changes nothing for the caller.
  return { kind: 'relay' };
}
