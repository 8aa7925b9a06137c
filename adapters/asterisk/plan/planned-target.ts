import { LONGEST_NUMBER } from '../../../src/model/dialled';
import type { Dial } from '../../../src/policy/decision/decision';
import type { FirstStep } from '../../../src/policy/plan/travel';
import type { NumberForm } from '../../../src/policy/routes/number-forms';
import { stepFor } from '../handover/dialplan-step';

/** Characters of a target in the dialplan: none that its `ARRAY()` or `CUT()` would split at. */
export const EXTENSION = /^[\w.@*#+-]{1,79}$/;

/** Whichever number is called, or what a trunk gets of it, as the dialplan makes it; it has checked the number before. */
export function calledNumber({ cut, put }: NumberForm = { cut: 0, put: '' }): string {
  return `${put}\${CB_NUMBER${cut > 0 ? `:${cut}` : ''}}`;
}

/**
 * A target for whichever number is called.
 * @param of the target for one number
 * @param form what of the number is in it; absent: as it was dialled
 * @returns undefined if it would not fit for each number
 */
function forAnyNumber(of: (number: string) => string, form?: NumberForm): string | undefined {
  return EXTENSION.test(of('0'.repeat(LONGEST_NUMBER))) ? of(calledNumber(form)) : undefined;
}

/**
 * The target of a voicemail for whichever number is called.
 * @param step the dialplan's step for one number: all but its last part, the mailbox, holds for any
 * @param mailbox with `{number}` for the number
 */
export function voicemailForAny(step: string, mailbox: string): string | undefined {
  const begin = step.split('.', 2).join('.');
  return forAnyNumber((called) => `${begin}.${mailbox.replaceAll('{number}', called)}`);
}

/** `dial-*carrier-b`, `dial-carrier-b.0049${CB_NUMBER:1}`; undefined if there is no target for any number. */
export function dialForAny(outcome: Dial, forms: FirstStep['forms']): string | undefined {
  const form = forms.get(outcome.trunk);
  const targetOf = (number: string, called: string): string | undefined => {
    const { extension, variable } = stepFor({ ...outcome, number }, called);
    return variable === undefined ? `dial-${extension}` : undefined;
  };
  const called = calledNumber();
  // As it was dialled, it is no part of the target.
  if (!form) return fitting(targetOf(called, called));
  return forAnyNumber((number) => targetOf(number, '') ?? '', form);
}

/** Whether an attempt is as the first one was, but for its trunk: with the same of the number, and both with no values of their own. */
export function isAsBefore(
  outcome: Dial,
  { trunk, callerId, forms }: Pick<FirstStep, 'trunk' | 'callerId' | 'forms'>,
): boolean {
  const [own, before] = [forms.get(outcome.trunk), forms.get(trunk)];
  const isAlike = own?.cut === before?.cut && own?.put === before?.put;
  // The call's own caller is restored in between.
  if (!isAlike || callerId !== undefined) return false;
  return stepFor(outcome, outcome.number).extension === `*${outcome.trunk}`;
}

function fitting(target: string | undefined): string | undefined {
  return target !== undefined && EXTENSION.test(target) ? target : undefined;
}
