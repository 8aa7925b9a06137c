import type { Travelling } from '../../../src/calls/ports';
import type { Outcome } from '../../../src/policy/decision/decision';
import type { Plan } from '../../../src/policy/plan/plan';

/** The trunks that a decision and its plan may dial. */
export function trunksOf(outcome: Outcome, plan: Plan | undefined): ReadonlySet<string> {
  return new Set([...dialled(outcome), ...plannedTrunks(plan)]);
}

/** Of what travels, the calls that dial these trunks only; all others ask. */
export function travellingOn(trunks: ReadonlySet<string>, travelling: Travelling): Travelling {
  const entries = travelling.entries.map((entry) => {
    const { pattern, first } = entry;
    const isKnown =
      !first || [first.trunk, ...plannedTrunks(first.plan)].every((name) => trunks.has(name));
    return isKnown ? entry : { pattern };
  });
  return { ...travelling, entries };
}

function plannedTrunks(plan: Plan | undefined): readonly string[] {
  if (!plan) return [];
  return [plan.beforeProgress, plan.afterProgress].flatMap((slots) =>
    [...slots.values()].flatMap(({ decision }) => dialled(decision.outcome)),
  );
}

function dialled(outcome: Outcome): readonly string[] {
  return outcome.kind === 'dial' || outcome.kind === 'redirect' ? [outcome.trunk] : [];
}
