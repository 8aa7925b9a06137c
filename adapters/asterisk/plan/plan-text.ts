import { PLANNED_STATUSES } from '../../../src/model/planned';
import type { Plan, Slot, Slots } from '../../../src/policy/plan/plan';
import { stepFor } from '../handover/dialplan-step';
import { contextAfter } from './planned-step';
import { EXTENSION, forAnyNumber } from './planned-target';

/** The call that a plan is for. */
export interface PlannedCall {
  /** Unix time in milliseconds. */
  readonly startedAt: number;
  readonly number: string;
  /** Extension where the attempt itself begins, `*carrier-a`. */
  readonly extension: string;
  /**
   * The variable whose second field, after a dot, is the generation under which the plan was made; default EXTEN. With it the call
   * has no variables of an earlier plan, and the text sets its own: those that have a value.
   */
  readonly step?: 'CB_STEP';
  /** The mailbox that a decision may have, with `{number}` for the number, where the plan is for other calls too. */
  readonly mailbox?: string;
}

export interface PlanText {
  readonly text: string;
  /**
   * Whether other calls have the same text. Otherwise it contains something of this call, a mailbox or a
   * number's format.
   */
  readonly isShared: boolean;
}

/**
 * A plan as `crankback-plan` evaluates it; values of the call are the dialplan's expressions. In order: the
 * plan's identity (start of the hunt, number of attempts, generation), its end (seconds), the number of
 * attempts with the planned one, a target for each of `PLANNED_STATUSES` before progress, then after
 * progress, then the trunks of the targets before progress. A target is a place in the dialplan,
 * `"crankback-after-503,${CB_NUMBER},planned"`; empty means ask. With `step` it is an expression that sets `VARIABLES`.
 * @returns undefined if every target is empty
 */
export function planText(plan: Plan, call: PlannedCall): PlanText | undefined {
  // The dialplan has a shortest way between two attempts without values of their own.
  const isShort = call.extension.startsWith('*');
  const beforeProgress = stepsOf(plan.beforeProgress, call, isShort);
  const steps = [...beforeProgress, ...stepsOf(plan.afterProgress, call, false)];
  if (steps.every(({ target }) => target === '')) return undefined;
  const seconds = Math.floor((plan.until - call.startedAt) / 1000);
  const values = [
    `\${CB_START}:${plan.attempts}:\${CUT(${call.step ?? 'EXTEN'},.,2)}`,
    `$[\${CB_START:0:10} + ${seconds}]`,
    `${plan.attempts + 1}`,
    ...steps.map(({ target }) => target),
    ...beforeProgress.map(({ trunk }) => trunk),
  ];
  const text = call.step ? settingText(values) : values.join(',');
  return { text, isShared: steps.every((step) => step.isShared) };
}

/** The variables of a plan, in the order of its values. */
const VARIABLES: readonly string[] = [
  ...['CB_FOR', 'CB_UNTIL', 'CB_NEXT'],
  ...['BEFORE', 'AFTER', 'TRUNK'].flatMap((kind) =>
    PLANNED_STATUSES.map((sip) => `CB_${kind}_${sip}`),
  ),
];

/** Each variable takes Asterisk 1 µs before the first INVITE. */
function settingText(values: readonly string[]): string {
  const filled = values.flatMap((value, at) =>
    value === '' ? [] : [{ name: VARIABLES[at], value }],
  );
  const names = filled.map(({ name }) => name).join(',');
  return `\${SET(ARRAY(${names})=${filled.map(({ value }) => value).join(',')}):0:0}`;
}

/** One step in the dialplan; `trunk` only of an attempt by the shortest way. */
interface Step {
  readonly target: string;
  readonly trunk: string;
  readonly isShared: boolean;
}

const ASK: Step = { target: '', trunk: '', isShared: true };

function stepsOf(slots: Slots, call: PlannedCall, isShort: boolean): Step[] {
  return PLANNED_STATUSES.map((sip) => {
    const slot = slots.get(sip);
    return slot ? stepOf(sip, slot, call, isShort) : ASK;
  });
}

function stepOf(
  sip: number,
  { decision, failureClass }: Slot,
  { number, mailbox }: PlannedCall,
  isShort: boolean,
): Step {
  const { outcome } = decision;
  // The end of a hunt needs the class, for the user's CDRs.
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
  if (outcome.kind === 'voicemail' && mailbox !== undefined) {
    const box = forAnyNumber(`voicemail-${extension.split('.', 2).join('.')}.`, mailbox);
    if (box === undefined) return ASK;
    return { target: `"crankback-planned,${box},1"`, trunk: '', isShared: true };
  }
  const target = `"crankback-planned,${planned},1"`;
  return { target, trunk: '', isShared: isPlain || outcome.kind === 'relay' };
}
