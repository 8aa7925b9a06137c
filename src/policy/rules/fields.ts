import type { Condition } from './condition';
import type { HeaderLine } from '../../model/failure';
import { fitsPattern, patternOf } from '../routes/digits';
import type { Fact } from '../facts';
import { phraseTest, plainPhrase } from './phrase';
import { attemptsLeft, calledNumber, failedTrunk, type Situation } from '../situation';
import { isWithin } from './time';

/** One key of `when`: what it asks about and how it is answered. */
export interface Field<Wanted> {
  /** The fact needed to answer; undefined if it is always known. */
  readonly fact?: Fact;
  /** The situation's value, as explanations show it; undefined if it has none. */
  has(situation: Situation): string | number | boolean | undefined;
  /** Compiles the rule's values once; the result answers for every situation. */
  asks(wanted: Wanted): (situation: Situation) => boolean;
}

type Fields = { readonly [Key in keyof Condition]-?: Field<NonNullable<Condition[Key]>> };

/** Every key of `when`, the cheapest to answer first. */
export const FIELDS: Fields = {
  class: oneOf('class', ({ failure }) => failure.class),
  fault: oneOf('fault', ({ failure }) => failure.fault),
  sip: {
    fact: 'sip',
    has: ({ failure }) => failure.sip,
    asks:
      (ranges) =>
      ({ failure: { sip } }) =>
        sip !== undefined && ranges.some(({ from, to }) => sip >= from && sip <= to),
  },
  q850: oneOf('q850', ({ failure }) => failure.q850),
  location: oneOf('location', ({ failure }) => failure.location),
  rang: same('rang', ({ failure }) => failure.rang),
  progress: same('progress', ({ failure }) => failure.progress),
  earlyMedia: same('early_media', ({ failure }) => failure.earlyMediaMs > 0),
  local: same('local', ({ failure }) => failure.origin === 'local'),
  within: {
    fact: 'within',
    has: ({ failure }) => failure.afterMs,
    asks:
      (most) =>
      ({ failure: { afterMs } }) =>
        afterMs !== undefined && afterMs <= most,
  },
  elapsed: {
    fact: 'elapsed',
    has: age,
    asks:
      ({ than, ms }) =>
      (situation) =>
        than === 'more' ? age(situation) > ms : age(situation) < ms,
  },
  trunk: oneOf(undefined, failedTrunk),
  attempt: oneOf('attempt', ({ hunt }) => hunt.attempts.length),
  attemptsLeft: oneOf('attempt', attemptsLeft),
  context: oneOf('context', ({ hunt }) => hunt.context),
  digits: fits('digits', ({ hunt }) => hunt.number),
  from: fits('from', ({ hunt }) => hunt.from),
  callerCountry: oneOf(
    'from',
    ({ hunt: { from }, countryOf }) => from && countryOf && countryOf(from),
  ),
  calleeCountry: oneOf('digits', (situation) => situation.countryOf?.(calledNumber(situation))),
  phrase: {
    fact: 'phrase',
    has: ({ failure }) => failure.phrase,
    asks: (patterns) => {
      const tests = patterns.map(phraseTest);
      return ({ failure }) => {
        if (failure.phrase === undefined) return false;
        const plain = plainPhrase(failure.phrase);
        return tests.some((test) => test(plain));
      };
    },
  },
  header: {
    fact: 'header',
    has: (situation) =>
      headersOf(situation)
        ?.map((line) => `${line.name}: ${line.value}`)
        .join(', '),
    asks: ({ name, value }) => {
      const tests = value?.map(phraseTest);
      return (situation) =>
        headersOf(situation)?.some((line) => {
          if (line.name !== name) return false;
          if (!tests) return true;
          const plain = plainPhrase(line.value);
          return tests.some((test) => test(plain));
        }) ?? false;
    },
  },
  time: {
    fact: 'time',
    has: ({ clock, now }) => clockText(clock?.(now)),
    asks:
      (windows) =>
      ({ clock, now }) => {
        const local = clock?.(now);
        return local !== undefined && windows.some((window) => isWithin(window, local));
      },
  },
};

/** What the most trusted source that sees headers has of them. */
function headersOf({ failure: { evidence } }: Situation): readonly HeaderLine[] | undefined {
  return evidence.find(({ headers }) => headers)?.headers;
}

/** How old the hunt is. Milliseconds. */
function age({ hunt, now }: Situation): number {
  return now - hunt.startedAt;
}

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
    asks: (wanted) => (situation) => {
      const value = has(situation);
      return value !== undefined && wanted.includes(value);
    },
  };
}

function same(fact: Fact, has: (situation: Situation) => boolean): Field<boolean> {
  return { fact, has, asks: (wanted) => (situation) => has(situation) === wanted };
}

/** Whether any pattern fits the number. */
function fits(fact: Fact, has: Reader<string>): Field<readonly string[]> {
  return {
    fact,
    has,
    asks: (written) => {
      const patterns = written.map(patternOf);
      return (situation) => {
        const number = has(situation);
        return number !== undefined && patterns.some((pattern) => fitsPattern(pattern, number));
      };
    },
  };
}

const DAYS = ['Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su'];

function clockText(local: { day: number; minute: number } | undefined): string | undefined {
  if (!local) return undefined;
  const two = (part: number) => String(part).padStart(2, '0');
  return `${DAYS[local.day]} ${two(Math.floor(local.minute / 60))}:${two(local.minute % 60)}`;
}
