import { PLANNED_STATUSES } from '../../../src/model/planned';
import type { Plan, Slot, Slots } from '../../../src/policy/plan/plan';
import { codecsOf } from '../trunks/codecs';
import { plannedStep } from '../handover/dialplan-step';
import type { FreeswitchTrunk } from '../trunks/trunk-names';

/** What the variables of a plan need besides the plan. */
export interface PlanParts {
  readonly generation: string;
  readonly trunks: ReadonlyMap<string, FreeswitchTrunk>;
  /** As in `StepParts`. */
  readonly unwatched?: true;
  /** As in `StepParts`. */
  readonly hidesName?: true;
}

/** Variables of leg A that go along with an answer, without `crankback_` in front. */
export type PlanVariables = Readonly<Record<string, string>>;

/**
 * A plan as variables of the call: its identity (number of attempts, generation), its end (seconds), and
 * the steps, each after its cases: `~b500b503a503:dial/…`, b before progress and a after progress. In any
 * other case the dialplan asks. All steps are in one variable, because FreeSWITCH copies every variable of
 * a channel into every event of it.
 * @returns undefined if nothing is planned
 */
export function planVariables(plan: Plan, about: PlanParts): PlanVariables | undefined {
  const cases = new Map<string, string>();
  const add = (progress: string, slots: Slots) => {
    for (const sip of PLANNED_STATUSES) {
      const slot = slots.get(sip);
      const step = slot && stepOf(slot, plan, about);
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

/** What follows a failure as the dialplan has it, `dial/crankback_trunk=…;…`; undefined if it has to ask. */
export function stepOf(
  { decision: { outcome }, failureClass }: Slot,
  { attempts }: Pick<Plan, 'attempts'>,
  { trunks, unwatched, hidesName }: Omit<PlanParts, 'generation'>,
): string | undefined {
  // The end of a hunt needs the class, for the user's CDRs.
  if (outcome.kind !== 'dial' && failureClass === undefined) return undefined;
  // A redirect changes the call's state, and its target comes from the failure itself.
  if (outcome.kind === 'redirect') return undefined;
  const codecs = codecsOf(outcome);
  return plannedStep(outcome, {
    trunks,
    attempts,
    ...(unwatched && { unwatched }),
    ...(hidesName && { hidesName }),
    // While the hunt goes on, no CDR needs the class.
    ...(outcome.kind !== 'dial' && failureClass !== undefined && { failureClass }),
    ...(codecs && { codecs }),
  });
}
