import { PLANNED_STATUSES } from '../../src/model/planned';
import type { Plan, Slot, Slots } from '../../src/policy/plan';
import { placeOf } from './places';

/** What an extension may be made of: nothing that the dialplan's `ARRAY()` would take apart. */
const EXTENSION = /^[\w.@*#+-]{1,79}$/;

const SLOTS = ['Q', 'H', 'T'].flatMap((kind) => PLANNED_STATUSES.map((sip) => `CB_${kind}_${sip}`));

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
 * goes, `"crankback-attempt,201,planned"`; empty means ask. Behind them the trunks of such attempts.
 * Undefined where all are.
 */
export function planText(plan: Plan, call: PlannedCall): string | undefined {
  const { startedAt, epoch } = call;
  // From one attempt that has nothing of its own to the next there is a way of the fewest lines.
  const isShort = call.extension.startsWith('*');
  const quiet = stepsOf(plan.quiet, call.number, isShort);
  const targets = [...quiet, ...stepsOf(plan.heard, call.number, false)].map(
    ({ target }) => target,
  );
  if (targets.every((target) => target === '')) return undefined;
  const trunks = quiet.map(({ trunk }) => trunk);
  const key = `${(startedAt / 1000).toFixed(3)}:${plan.attempts}:${epoch}`;
  return [key, Math.floor(plan.until / 1000), plan.attempts + 1, ...targets, ...trunks].join(',');
}

/** As the dialplan knows it; `trunk` of an attempt by the shortest way. */
interface Step {
  readonly target: string;
  readonly trunk: string;
}

const ASK: Step = { target: '', trunk: '' };

function stepsOf(slots: Slots, number: string, isShort: boolean): Step[] {
  return PLANNED_STATUSES.map((sip) => {
    const slot = slots.get(sip);
    return slot ? stepOf(slot, number, isShort) : ASK;
  });
}

function stepOf({ decision, failureClass }: Slot, number: string, isShort: boolean): Step {
  const { outcome } = decision;
  // The user's CDRs get the class behind whatever ends the hunt.
  if (outcome.kind !== 'dial' && failureClass === undefined) return ASK;
  const { context, extension, variable } = placeOf(outcome, number, failureClass);
  if (variable !== undefined || !EXTENSION.test(number)) return ASK;
  if (isShort && outcome.kind === 'dial' && extension === `*${outcome.trunk}`)
    return { target: `"crankback-attempt,${number},planned"`, trunk: outcome.trunk };
  const planned = `${context.replace('crankback-', '')}-${extension}`;
  if (!EXTENSION.test(planned)) return ASK;
  return { target: `"crankback-planned,${planned},1"`, trunk: '' };
}
