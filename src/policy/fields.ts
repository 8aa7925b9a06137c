import type { Condition } from './condition';
import { matchesDigits } from './digits';
import type { Fact } from './facts';
import { matchesPhrase } from './phrase';
import { failedTrunk, type Situation } from './situation';
import { isWithin } from './time';

/** One key of `when`: what it asks about and how it is answered. */
export interface Field<Wanted> {
  /** What must be known to answer; undefined where it always is. */
  readonly fact?: Fact;
  /** What the situation has there, as explanations show it; undefined for nothing. */
  has(situation: Situation): string | number | boolean | undefined;
  meets(wanted: Wanted, situation: Situation): boolean;
}

type Fields = { readonly [Key in keyof Condition]-?: Field<NonNullable<Condition[Key]>> };

/** Every key of `when`, the cheapest to answer first. */
export const FIELDS: Fields = {
  class: oneOf('class', ({ failure }) => failure.class),
  fault: oneOf('fault', ({ failure }) => failure.fault),
  sip: {
    fact: 'sip',
    has: ({ failure }) => failure.sip,
    meets: (ranges, { failure: { sip } }) =>
      sip !== undefined && ranges.some(({ from, to }) => sip >= from && sip <= to),
  },
  q850: oneOf('q850', ({ failure }) => failure.q850),
  location: oneOf('location', ({ failure }) => failure.location),
  rang: same('rang', ({ failure }) => failure.rang),
  progress: same('progress', ({ failure }) => failure.progress),
  earlyMedia: same('early_media', ({ failure }) => failure.earlyMediaMs > 0),
  local: same('local', ({ failure }) => failure.origin === 'local'),
  trunk: oneOf(undefined, failedTrunk),
  attempt: oneOf('attempt', ({ hunt }) => hunt.attempts.length),
  context: oneOf(undefined, ({ hunt }) => hunt.context),
  digits: fits(undefined, ({ hunt }) => hunt.number, matchesDigits),
  from: fits(undefined, ({ hunt }) => hunt.from, matchesDigits),
  phrase: fits('phrase', ({ failure }) => failure.phrase, matchesPhrase),
  time: {
    fact: 'elapsed',
    has: ({ policy, now }) => clockText(policy.index.clock?.(now)),
    meets: (windows, { policy, now }) => {
      const local = policy.index.clock?.(now);
      return local !== undefined && windows.some((window) => isWithin(window, local));
    },
  },
};

type Reader<Value> = (situation: Situation) => Value | undefined;

function known(fact: Fact | undefined): { readonly fact?: Fact } {
  return fact === undefined ? {} : { fact };
}

function oneOf<Value extends string | number>(
  fact: Fact | undefined,
  has: Reader<Value>,
): Field<readonly Value[]> {
  return {
    ...known(fact),
    has,
    meets: (wanted, situation) => {
      const value = has(situation);
      return value !== undefined && wanted.includes(value);
    },
  };
}

function same(fact: Fact, has: (situation: Situation) => boolean): Field<boolean> {
  return { fact, has, meets: (wanted, situation) => has(situation) === wanted };
}

function fits(
  fact: Fact | undefined,
  has: Reader<string>,
  matches: (pattern: string, text: string) => boolean,
): Field<readonly string[]> {
  return {
    ...known(fact),
    has,
    meets: (patterns, situation) => {
      const text = has(situation);
      return text !== undefined && patterns.some((pattern) => matches(pattern, text));
    },
  };
}

const DAYS = ['Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su'];

function clockText(local: { day: number; minute: number } | undefined): string | undefined {
  if (!local) return undefined;
  const two = (part: number) => String(part).padStart(2, '0');
  return `${DAYS[local.day]} ${two(Math.floor(local.minute / 60))}:${two(local.minute % 60)}`;
}
