import type { Failure } from '../model/failure';
import type { Condition, Policy, Route, Rule } from './policy';

/** Whether a failure meets every field that the condition gives. */
export function matches(condition: Condition, failure: Failure): boolean {
  if (condition.class && !condition.class.includes(failure.class)) return false;
  if (condition.sip) {
    const sip = failure.sip;
    if (sip === undefined) return false;
    if (!condition.sip.some(({ from, to }) => sip >= from && sip <= to)) return false;
  }
  return true;
}

/** The first rule that matches: the trunk's own, the route's, the general ones, the built-in ones. */
export function findRule(
  policy: Policy,
  where: { trunk: string | undefined; route: Route | undefined },
  failure: Failure,
): Rule | undefined {
  const trunk = where.trunk === undefined ? undefined : policy.trunks.get(where.trunk);
  const inOrder = [trunk?.rules ?? [], where.route?.rules ?? [], policy.rules, policy.defaults];
  for (const rules of inOrder) {
    const rule = rules.find(({ when }) => matches(when, failure));
    if (rule) return rule;
  }
  return undefined;
}
