import { PLANNED_STATUSES } from '../../../src/model/planned';
import type { Plan } from '../../../src/policy/plan/plan';
import type { FirstStep } from '../../../src/policy/plan/travel';
import { isAsBefore } from './planned-target';

/** The remainders of all `PLANNED_STATUSES` by it are different, and none is 0, which is no status. */
const DIVISOR = 21;
/** The dialplan reads two digits. */
const MOST_SECONDS = 99;
const FEWEST_SECONDS = 10;

/**
 * The usual part of a plan that travels, read without evaluating it: which trunk is next after a failure before progress,
 * where that attempt has no values of its own. The field for a status is its remainder by 21, counted from 0; it has the age of
 * a hunt from which on it is not used, in seconds, and the trunk: `20.carrier-c`. An empty one says nothing; the plan may.
 * @param tellable trunks that may be next: for others the call goes on by the plan
 * @returns undefined if every field is empty
 */
export function nextText(
  { beforeProgress, until }: Plan,
  first: Pick<FirstStep, 'trunk' | 'callerId' | 'forms' | 'example'>,
  tellable: ReadonlySet<string>,
): string | undefined {
  const seconds = Math.min(Math.floor((until - first.example.startedAt) / 1000), MOST_SECONDS);
  if (seconds < FEWEST_SECONDS) return undefined;
  const fields = new Array<string>(DIVISOR).fill('');
  for (const sip of PLANNED_STATUSES) {
    const outcome = beforeProgress.get(sip)?.decision.outcome;
    if (outcome?.kind !== 'dial' || !tellable.has(outcome.trunk)) continue;
    if (isAsBefore(outcome, first)) fields[sip % DIVISOR] = `${seconds}.${outcome.trunk}`;
  }
  const text = fields.join(',').replace(/,+$/, '');
  return text === '' ? undefined : text;
}
