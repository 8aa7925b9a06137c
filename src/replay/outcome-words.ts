import type { Outcome } from '../policy/decision/decision';

/**
 * An outcome in a few words that are the same for many calls: without numbers, mailboxes and phrases.
 */
export function outcomeWords(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'dial': {
      const after = outcome.delayMs === undefined ? '' : ` after ${outcome.delayMs / 1000} s`;
      const offer = outcome.codecs === undefined ? '' : ' with other codecs';
      return `dial ${outcome.trunk}${after}${offer}`;
    }
    case 'redirect':
      return `redirect ${outcome.trunk}`;
    case 'voicemail':
      return `voicemail ${outcome.greeting}`;
    case 'announce':
      return `announce ${outcome.play}${outcome.answer ? ' answered' : ''}, then ${outcome.sip}`;
    case 'relay':
      return `relay ${outcome.sip}`;
  }
}

/** Fields of an outcome in words for people. */
const FIELDS: Readonly<Record<string, string>> = {
  number: 'number',
  callerId: 'caller',
  codecs: 'codecs',
  reoffer: 'codecs',
  target: 'target',
  mailbox: 'mailbox',
  location: 'mailbox',
  phrase: 'phrase',
  retryAfter: 'Retry-After',
};

/** What two outcomes with the same words differ in; empty if their words differ. */
export function otherFields(before: Outcome, now: Outcome): readonly string[] {
  if (outcomeWords(before) !== outcomeWords(now)) return [];
  const [one, two] = [entries(before), entries(now)];
  const names = [...new Set([...one.keys(), ...two.keys()])];
  const other = names.filter((name) => one.get(name) !== two.get(name));
  return [...new Set(other.map((name) => FIELDS[name] ?? name))];
}

/** Whether the call goes the same way, in every detail. */
export function isSameOutcome(one: Outcome, two: Outcome): boolean {
  const [first, second] = [entries(one), entries(two)];
  if (first.size !== second.size) return false;
  return [...first].every(([name, value]) => second.get(name) === value);
}

function entries(outcome: Outcome): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(outcome).map(([name, value]: [string, unknown]) => [
      name,
      JSON.stringify(value, sorted),
    ]),
  );
}

/** The order of keys says nothing. */
function sorted(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
