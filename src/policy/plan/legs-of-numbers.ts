import { LONGEST_NUMBER, SYMBOLS } from '../../model/dialled';
import type { Policy } from '../policy';
import type { Route } from '../policy-data';
import { exampleOf, type Pattern } from '../routes/digits';
import {
  formsOf,
  isAmong,
  isAsDialled,
  meet,
  reachable,
  type NumberForm,
  type Numbers,
} from '../routes/number-forms';

/** Numbers of which each trunk of a route makes the same. */
export interface LegsOfNumbers extends Numbers {
  /** Of the trunks that get another number than the one that was dialled; absent: that cannot be told before a call. */
  readonly forms?: ReadonlyMap<string, NumberForm>;
  /** Longest number that each of them can be given. Characters. */
  readonly longest: number;
}

/** The numbers of a route's pattern by what its trunks get: the first that has a number counts, and one has it. */
export function legsOfNumbers(
  policy: Pick<Policy, 'trunks' | 'numbering'>,
  route: Route,
  pattern: Pattern,
): readonly LegsOfNumbers[] {
  const alike = new Map<string, string[]>();
  for (const name of route.trunks) {
    const format = JSON.stringify(policy.trunks.get(name)?.number ?? {});
    alike.set(format, [...(alike.get(format) ?? []), name]);
  }
  let found: readonly LegsOfNumbers[] = [{ pattern, forms: new Map(), longest: LONGEST_NUMBER }];
  for (const [first = '', ...others] of alike.values()) {
    const { number } = policy.trunks.get(first) ?? {};
    const parts = formsOf({ pattern }, route.number, number, policy.numbering);
    const together = found.flatMap((legs) =>
      parts.flatMap(({ form, longest, ...part }): readonly LegsOfNumbers[] => {
        const numbers = meet(legs, part);
        if (!numbers) return [];
        const all = { ...numbers, longest: Math.min(legs.longest, longest) };
        if (!form || !legs.forms) return [all];
        const isOther = !isAsDialled(form, numbers.pattern);
        const named = isOther ? [first, ...others].map((name) => [name, form] as const) : [];
        return [{ ...all, forms: new Map([...legs.forms, ...named]) }];
      }),
    );
    found = reachable(together);
  }
  return found;
}

/** Of `0-9 A-D`: with any other character a number has no mailbox. */
const OF_MAILBOXES = 2 ** SYMBOLS.indexOf('*') - 1;

/** A number that stands for all of these, of which each trunk is given something. */
export interface Example {
  readonly number: string;
  /** None of these may have a mailbox. */
  readonly withoutMailbox: boolean;
}

/** One that may have a mailbox, if any may; undefined if none is known. */
export function exampleAmong(all: readonly LegsOfNumbers[]): Example | undefined {
  const known = all.filter(({ forms }) => forms);
  const withoutMailbox = known.every(({ pattern: { places } }) =>
    places.some((set) => (set & OF_MAILBOXES) === 0),
  );
  for (const legs of known) {
    const shortest = exampleOf(legs.pattern);
    const found = [shortest, ...[...'0123456789'].map((digit) => `${shortest}${digit}`)].find(
      (number) =>
        number !== '' &&
        number.length <= legs.longest &&
        (withoutMailbox || !/[*#+]/.test(number)) &&
        all.find((one) => isAmong(one, number)) === legs,
    );
    if (found !== undefined) return { number: found, withoutMailbox };
  }
  return undefined;
}
