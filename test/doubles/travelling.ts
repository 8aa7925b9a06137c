import type { FirstStep, TravelEntry } from '../../src/policy/plan/travel';
import { isOneOf } from '../../src/policy/plan/callers';
import type { Decision } from '../../src/policy/decision/decision';
import { AS_DIALLED, inForm, isAmong } from '../../src/policy/routes/number-forms';

/** How a PBX begins a call for this number from this caller; undefined: it asks. */
export function firstFor(
  entries: readonly TravelEntry[],
  number: string,
  from?: string,
): FirstStep | undefined {
  const first = entries.find(
    (entry) => isAmong(entry, number) && (!entry.callers || isOneOf(entry.callers, from)),
  )?.first;
  if (!first) return undefined;
  // A number with other characters has no mailbox, and one that is too long no trunk.
  if (first.mailbox !== undefined && /[^0-9A-D]/.test(number)) return undefined;
  return number.length > (first.longest ?? number.length) ? undefined : first;
}

/** A decision of what travels as it is for one of its numbers. */
export function forNumber(
  decision: Decision,
  { forms, mailbox }: FirstStep,
  number: string,
): Decision {
  const { outcome } = decision;
  if (outcome.kind === 'dial') {
    const form = forms.get(outcome.trunk) ?? AS_DIALLED;
    return { ...decision, outcome: { ...outcome, number: inForm(form, number) } };
  }
  if (outcome.kind !== 'voicemail' || outcome.mailbox === undefined || mailbox === undefined)
    return decision;
  const box = mailbox.replaceAll('{number}', number);
  return { ...decision, outcome: { ...outcome, mailbox: box } };
}
