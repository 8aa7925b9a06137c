import { PLANNED_STATUSES, type PlannedStatus } from '../../src/model/planned';
import type { Outcome } from '../../src/policy/decision/decision';
import type { Plan, Slot } from '../../src/policy/plan/plan';

type Given = Partial<Record<PlannedStatus, Slot>>;

/** A plan for a first attempt. */
export function planOf(beforeProgress: Given, afterProgress: Given = {}): Plan {
  const slots = (given: Given) =>
    new Map(
      PLANNED_STATUSES.flatMap((sip) => {
        const slot = given[sip];
        return slot ? [[sip, slot] as const] : [];
      }),
    );
  return {
    attempts: 1,
    until: 1_795_239_452_947,
    beforeProgress: slots(beforeProgress),
    afterProgress: slots(afterProgress),
    trunks: { obstacles: {}, turn: 0 },
  };
}

export function slotOf(outcome: Outcome, failureClass?: Slot['failureClass']): Slot {
  return { decision: { outcome, why: '', refused: [] }, ...(failureClass && { failureClass }) };
}
