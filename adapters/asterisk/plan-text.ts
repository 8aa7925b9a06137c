import { PLANNED_STATUSES } from '../../src/model/planned';
import type { Plan, Slot, Slots } from '../../src/policy/plan';
import { placeOf } from './places';

/** What an extension may be made of: nothing that the dialplan's `ARRAY()` would take apart. */
const EXTENSION = /^[\w.@*#+-]{1,79}$/;

const SLOTS = ['Q', 'H'].flatMap((heard) => PLANNED_STATUSES.map((sip) => `CB_${heard}_${sip}`));

/** What to set through ARI to leave a plan with a call: Asterisk spreads the value over the variables. */
export const PLAN_VARIABLES = `ARRAY(CB_FOR,CB_UNTIL,CB_NEXT,${SLOTS.join(',')})`;

/** The call that a plan is for. */
export interface PlannedCall {
  readonly startedAt: number;
  readonly number: string;
  readonly epoch: string;
  /** Where the attempt itself begins, `*carrier-a`. */
  readonly extension: string;
}

/**
 * A plan as the value of those variables: what it is for (start of the hunt, number of attempts, epoch),
 * until when (seconds), how many attempts there will be with the planned one, then a target for each of
 * `PLANNED_STATUSES`, first those for an attempt on which nothing was heard. A target is where the dialplan
 * goes, `"crankback-dial,*carrier-b,planned"`; empty means ask.
 * Undefined where all are.
 */
export function planText(plan: Plan, call: PlannedCall): string | undefined {
  const { startedAt, epoch } = call;
  // From one attempt that has nothing of its own to the next there is a way of the fewest lines.
  const isShort = call.extension.startsWith('*');
  const targets = [
    ...targetsOf(plan.quiet, call.number, isShort),
    ...targetsOf(plan.heard, call.number, false),
  ];
  if (targets.every((target) => target === '')) return undefined;
  const key = `${(startedAt / 1000).toFixed(3)}:${plan.attempts}:${epoch}`;
  return [key, Math.floor(plan.until / 1000), plan.attempts + 1, ...targets].join(',');
}

function targetsOf(slots: Slots, number: string, isShort: boolean): string[] {
  return PLANNED_STATUSES.map((sip) => {
    const slot = slots.get(sip);
    return slot ? targetOf(slot, number, isShort) : '';
  });
}

function targetOf(slot: Slot, number: string, isShort: boolean): string {
  const { decision, failureClass } = slot;
  // The user's CDRs get the class behind whatever ends the hunt.
  if (decision.outcome.kind !== 'dial' && failureClass === undefined) return '';
  const { context, extension, variable } = placeOf(decision.outcome, number, failureClass);
  const step =
    isShort && extension.startsWith('*')
      ? { context, extension, priority: 'planned' }
      : {
          context: 'crankback-planned',
          extension: `${context.replace('crankback-', '')}-${extension}`,
          priority: '1',
        };
  if (variable !== undefined || !EXTENSION.test(step.extension)) return '';
  return `"${step.context},${step.extension},${step.priority}"`;
}
