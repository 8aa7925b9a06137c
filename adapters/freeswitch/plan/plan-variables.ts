import { PLANNED_STATUSES } from '../../../src/model/planned';
import type { Plan, Slot, Slots } from '../../../src/policy/plan/plan';
import { codecsOf } from '../trunks/codecs';
import { plannedStep } from '../handover/dialplan-step';
import type { FreeswitchTrunk } from '../trunks/trunk-names';

/** Variables of leg A without `crankback_` in front, as they go along with an answer. */
export type PlanVariables = Readonly<Record<string, string>>;

/**
 * A plan as variables of the call: what it is for (number of attempts, generation), until when (seconds), and the
 * steps, each behind what it follows: `~b500b503a503:dial/…`, b before progress and a after
 * progress. What is not in it is asked. All in one variable, for FreeSWITCH copies every variable of a channel into
 * every event of it. Undefined where nothing is planned.
 */
export function planVariables(
  plan: Plan,
  about: { readonly generation: string; readonly trunks: ReadonlyMap<string, FreeswitchTrunk> },
): PlanVariables | undefined {
  const cases = new Map<string, string>();
  const add = (progress: string, slots: Slots) => {
    for (const sip of PLANNED_STATUSES) {
      const slot = slots.get(sip);
      const step = slot && stepOf(slot, plan, about.trunks);
      if (step !== undefined) cases.set(step, `${cases.get(step) ?? ''}${progress}${sip}`);
    }
  };
  add('b', plan.beforeProgress);
  add('a', plan.afterProgress);
  if (cases.size === 0) return undefined;
  return {
    plan: [...cases].map(([step, when]) => `~${when}:${step}`).join(''),
    plan_for: `${plan.attempts}-${about.generation}`,
    plan_until: String(Math.floor(plan.until / 1000)),
  };
}

function stepOf(
  { decision: { outcome }, failureClass }: Slot,
  { attempts }: Plan,
  trunks: ReadonlyMap<string, FreeswitchTrunk>,
): string | undefined {
  // The user's CDRs get the class behind whatever ends the hunt.
  if (outcome.kind !== 'dial' && failureClass === undefined) return undefined;
  // It changes the call's state, and its target comes from the failure itself.
  if (outcome.kind === 'redirect') return undefined;
  const codecs = codecsOf(outcome);
  return plannedStep(outcome, {
    trunks,
    attempts,
    // Of a call that goes on nobody is told it yet.
    ...(outcome.kind !== 'dial' && failureClass !== undefined && { failureClass }),
    ...(codecs && { codecs }),
  });
}
