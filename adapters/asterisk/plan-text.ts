import { PLANNED_STATUSES } from '../../src/model/planned';
import type { Plan, Slot, Slots } from '../../src/policy/plan';
import { placeOf } from './places';

/** What a target may be made of: nothing that the dialplan's `ARRAY()` or `CUT()` would take apart. */
const TARGET = /^[\w.@*#+-]{1,80}$/;

/**
 * A plan as the shipped dialplan keeps it in `CRANKBACK_PLAN`: what it is for (start of the hunt, number of
 * attempts, epoch), until when (seconds), then a target for each of `PLANNED_STATUSES`, first those for
 * an attempt on which nothing was heard. A target is the end of a context's name and the extension,
 * `dial/carrier-b`; empty means ask. Undefined where all are.
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
  const fits = variable === undefined && TARGET.test(extension);
  return fits ? `${context.replace(/^crankback-/, '')}/${extension}` : '';
}
