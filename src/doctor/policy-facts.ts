import { onlyObserves } from '../policy/mode';
import type { WholePolicy } from '../policy/policy';
import { exampleOf, patternOf } from '../policy/routes/digits';
import { actionsOf, ruleLists } from '../policy-file/warnings/rule-lists';

/** Whether some call is decided: then our dialplan has to be there. */
export function decides(policy: WholePolicy): boolean {
  return !onlyObserves(policy);
}

/** More are not tried one by one. */
const MOST_NUMBERS = 20;

/** What follows a prefix, so that the number is as long as those that people dial. */
const REST = '30123456';

/** A number that each route takes, the first routes of the file: `0049*` → `004930123456`. */
export function numbersOf({ routes }: Pick<WholePolicy, 'routes'>): readonly string[] {
  const numbers = routes.flatMap(({ digits: [digits = ''] }) => {
    const pattern = patternOf(digits);
    return exampleOf(pattern) + (pattern.open ? REST : '');
  });
  return [...new Set(numbers)].slice(0, MOST_NUMBERS);
}

/** Whether some failure may lead to a mailbox, by a rule of the file or a built-in one. */
export function leadsToVoicemail(policy: WholePolicy): boolean {
  if (policy.routes.some(({ mailbox }) => mailbox !== undefined)) return true;
  return ruleLists(policy).some(({ rules }) =>
    rules.some((rule) => actionsOf(rule).some(({ treatment }) => treatment.kind === 'voicemail')),
  );
}

/** Mailboxes that the policy names in full, without the dialled number in them. */
export function mailboxesOf({ routes }: Pick<WholePolicy, 'routes'>): readonly string[] {
  const named = routes.flatMap(({ mailbox }) =>
    mailbox === undefined || mailbox.includes('{number}') ? [] : [mailbox],
  );
  return [...new Set(named)];
}
