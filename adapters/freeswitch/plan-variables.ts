import { PLANNED_STATUSES } from '../../src/model/planned';
import type { Plan, Slot, Slots } from '../../src/policy/plan';
import { codecsOf } from './codecs';
import { plannedStep } from './places';
import type { FreeswitchTrunk } from './trunks';

/** Variables of leg A without `crankback_` in front, as they go along with an answer. */
export type PlanVariables = Readonly<Record<string, string>>;

/**
 * A plan as variables of the call: what it is for (number of attempts, epoch), until when (seconds), then
 * a step with what it sets for each of `PLANNED_STATUSES`, `plan_q_503` where nothing was heard and
 * `plan_h_503` where something was; empty means ask, and replaces what an earlier plan has left. Undefined
 * where all are.
 */
export function planVariables(
  plan: Plan,
  about: { readonly epoch: string; readonly trunks: ReadonlyMap<string, FreeswitchTrunk> },
): PlanVariables | undefined {
  const stepsOf = (heard: string, slots: Slots): [string, string][] =>
    PLANNED_STATUSES.map((sip) => {
      const slot = slots.get(sip);
      return [`plan_${heard}_${sip}`, (slot && stepOf(slot, plan, about.trunks)) ?? ''];
    });
  const steps = [...stepsOf('q', plan.quiet), ...stepsOf('h', plan.heard)];
  if (steps.every(([, step]) => step === '')) return undefined;
  return {
    plan_for: `${plan.attempts}-${about.epoch}`,
    plan_until: String(Math.floor(plan.until / 1000)),
    ...Object.fromEntries(steps),
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
    ...(failureClass !== undefined && { failureClass }),
    ...(codecs && { codecs }),
  });
}
