import type { Shown } from '../../records/shown';
import type { FailureColumns, JournalEntry } from '../entry';

/** Fields of entries that may have a number in them; the same names as in `entryOf`. */
const MASKED = ['leg', 'number', 'callerCallId', 'context', 'phrase', 'why', 'times'] as const;

/** An entry as this instance keeps it: where it masks numbers and its teller does not, they are masked here. */
export function maskedEntry(entry: JournalEntry, shown: Shown): JournalEntry {
  return maskedFields(entry, shown);
}

function maskedFields<T extends object>(entry: T, shown: Shown): T {
  const fields = entry as Record<string, unknown>;
  const masked: Record<string, unknown> = { ...fields };
  for (const name of MASKED)
    if (fields[name] !== undefined) masked[name] = shown({ [name]: fields[name] })[name];
  if (typeof fields['caller'] === 'string')
    masked['caller'] = shown({ from: fields['caller'] }).from;
  if (typeof fields['detail'] === 'string')
    masked['detail'] = JSON.stringify(shown(JSON.parse(fields['detail'])));
  if (fields['failure'] !== undefined)
    masked['failure'] = maskedFields(fields['failure'] as FailureColumns, shown);
  return masked as T;
}
