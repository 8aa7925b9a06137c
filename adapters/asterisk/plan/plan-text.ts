import { PLANNED_STATUSES } from '../../../src/model/planned';
import type { Plan, Slot, Slots } from '../../../src/policy/plan/plan';
import { stepFor } from '../handover/dialplan-step';
import { contextAfter } from './planned-step';

/** What an extension may be made of: nothing that the dialplan's `ARRAY()` would take apart. */
const EXTENSION = /^[\w.@*#+-]{1,79}$/;

/** The call that a plan is for. */
export interface PlannedCall {
  /** Unix time in milliseconds. */
  readonly startedAt: number;
  readonly number: string;
  /** Where the attempt itself begins, `*carrier-a`. */
  readonly extension: string;
}

export interface PlanText {
  readonly text: string;
  /** Other calls have the same one; otherwise it has something of this call, a mailbox or a number's format. */
  readonly isShared: boolean;
}

/**
 * A plan as `crankback-plan` evaluates it, what is the call's own in the dialplan's words: what it is for
 * (start of the hunt, number of attempts, generation), until when (seconds), how many attempts there will be with
 * the planned one, then a target for each of `PLANNED_STATUSES`, first those before
 * progress. A target is where the dialplan goes, `"crankback-after-503,${CB_NUMBER},planned"`; empty means
 * ask. Behind them the trunks of such attempts. Undefined where all are.
 */
export function planText(plan: Plan, call: PlannedCall): PlanText | undefined {
  // From one attempt that has nothing of its own to the next there is a way of the fewest lines.
  const isShort = call.extension.startsWith('*');
  const beforeProgress = stepsOf(plan.beforeProgress, call.number, isShort);
  const steps = [...beforeProgress, ...stepsOf(plan.afterProgress, call.number, false)];
  if (steps.every(({ target }) => target === '')) return undefined;
  const seconds = Math.floor((plan.until - call.startedAt) / 1000);
  const text = [
    `\${CB_START}:${plan.attempts}:\${CUT(EXTEN,.,2)}`,
    `$[\${CB_START:0:10} + ${seconds}]`,
    plan.attempts + 1,
    ...steps.map(({ target }) => target),
    ...beforeProgress.map(({ trunk }) => trunk),
  ].join(',');
  return { text, isShared: steps.every((step) => step.isShared) };
}

/** As the dialplan knows it; `trunk` of an attempt by the shortest way. */
interface Step {
  readonly target: string;
  readonly trunk: string;
  readonly isShared: boolean;
}

const ASK: Step = { target: '', trunk: '', isShared: true };

function stepsOf(slots: Slots, number: string, isShort: boolean): Step[] {
  return PLANNED_STATUSES.map((sip) => {
    const slot = slots.get(sip);
    return slot ? stepOf(sip, slot, number, isShort) : ASK;
  });
}

function stepOf(
  sip: number,
  { decision, failureClass }: Slot,
  number: string,
  isShort: boolean,
): Step {
  const { outcome } = decision;
  // The user's CDRs get the class behind whatever ends the hunt.
  if (outcome.kind !== 'dial' && failureClass === undefined) return ASK;
  const { context, extension, variable } = stepFor(outcome, number, failureClass);
  if (variable !== undefined) return ASK;
  const isPlain = outcome.kind === 'dial' && extension === `*${outcome.trunk}`;
  if (isShort && isPlain) {
    const target = `"${contextAfter(sip)},\${CB_NUMBER},planned"`;
    return { target, trunk: outcome.trunk, isShared: true };
  }
  const planned = `${context.replace('crankback-', '')}-${extension}`;
  if (!EXTENSION.test(planned)) return ASK;
  const target = `"crankback-planned,${planned},1"`;
  return { target, trunk: '', isShared: isPlain || outcome.kind === 'relay' };
}
