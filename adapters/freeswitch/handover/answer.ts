import type { Outcome } from '../../../src/policy/decision/decision';
import type { ChannelData } from '../esl/channel-data';
import type { PlanVariables } from '../plan/plan-variables';
import { safe, settingsOf, stepFor, type StepParts } from './dialplan-step';

/** The parts of an answer besides its outcome. */
export interface AnswerParts extends StepParts {
  /** `crankback_asked` of the one handover that this answers. */
  readonly asked: string;
  /** Where the dialplan of the handover is; see `dialplanOf`. */
  readonly dialplan: string;
  /** Plan of the attempt that the outcome begins; its steps are safe already. */
  readonly plan?: PlanVariables;
}

/**
 * The argument of the one `execute_extension` that carries an outcome out. If the dialplan still waits for
 * this answer, it sets the step's variables and goes on to the step.
 * @throws Error for an outcome that this FreeSWITCH cannot carry out; the call then uses its fallback
 */
export function answerTo(outcome: Outcome, around: AnswerParts): string {
  const { name, variables } = stepFor(outcome, around);
  const plan = Object.entries(around.plan ?? {}).map(
    ([name, value]) => `crankback_${name}=${value}`,
  );
  const set = [...settingsOf(variables), ...plan];
  const answer = `crankback-answer/${safe(around.asked)}/${name}/${set.join('|')}`;
  return `'${answer}' ${around.dialplan} crankback_steps`;
}

/** The answer if there is nothing to decide: the dialplan goes its own way. */
export function answerNothing(asked: string, dialplan: string): string {
  return `'crankback-answer/${safe(asked)}/static/crankback_outcome=|crankback_event=nothing' ${dialplan} crankback_steps`;
}

/** A file of mod_dialplan_xml instead of FreeSWITCH's own XML, where a script answers for every context (FusionPBX). */
const DIALPLAN = /^XML(?::\/[\w./-]{1,200})?$/;

/** Which dialplan handed the call over, `XML` or `XML:/file`: our answer goes on in the same one. */
export function dialplanOf(data: ChannelData): string {
  const dialplan = data['Caller-Dialplan'] ?? '';
  return DIALPLAN.test(dialplan) ? dialplan : 'XML';
}
