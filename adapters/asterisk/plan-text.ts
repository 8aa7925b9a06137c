import { PLANNED_STATUSES } from '../../src/model/planned';
import type { Plan, Slot, Slots } from '../../src/policy/plan';
import { placeOf } from './places';

/** What an extension may be made of: nothing that the dialplan's `ARRAY()` would take apart. */
const EXTENSION = /^[\w.@*#+-]{1,79}$/;

const SLOTS = ['Q', 'H'].flatMap((heard) => PLANNED_STATUSES.map((sip) => `CB_${heard}_${sip}`));

/** What to set through ARI to leave a plan with a call: Asterisk spreads the value over the variables. */
export const PLAN_VARIABLES = `ARRAY(CB_FOR,CB_UNTIL,${SLOTS.join(',')})`;

/**
 * A plan as the value of those variables: what it is for (start of the hunt, number of attempts, epoch),
 * until when (seconds), then a target for each of `PLANNED_STATUSES`, first those for an attempt on which
 * nothing was heard. A target is where the dialplan goes, `"crankback-dial,*carrier-b,planned"`; empty means
 * ask.
 * Undefined where all are.
 */
export function planText(
  plan: Plan,
  about: { readonly startedAt: number; readonly number: string; readonly epoch: string },
): string | undefined {
  const { startedAt, number, epoch } = about;
  const targets = [plan.quiet, plan.heard].flatMap((slots) => targetsOf(slots, number));
  if (targets.every((target) => target === '')) return undefined;
  const key = `${(startedAt / 1000).toFixed(3)}:${plan.attempts}:${epoch}`;
  return [key, Math.floor(plan.until / 1000), ...targets].join(',');
}

function targetsOf(slots: Slots, number: string): string[] {
  return PLANNED_STATUSES.map((sip) => {
    const slot = slots.get(sip);
    return slot ? targetOf(slot, number) : '';
  });
}

function targetOf({ decision: { outcome }, failureClass }: Slot, number: string): string {
  // The user's CDRs get the class behind whatever ends the hunt.
  if (outcome.kind !== 'dial' && failureClass === undefined) return '';
  const { context, extension, variable } = placeOf(outcome, number, failureClass);
  const step = extension.startsWith('*')
    ? { context, extension, priority: 'planned' }
    : {
        context: 'crankback-planned',
        extension: `${context.replace('crankback-', '')}-${extension}`,
        priority: '1',
      };
  if (variable !== undefined || !EXTENSION.test(step.extension)) return '';
  return `"${step.context},${step.extension},${step.priority}"`;
}
