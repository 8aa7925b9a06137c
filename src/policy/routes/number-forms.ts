// What `formatNumber` makes of numbers that nobody has dialled yet, by their first characters and lengths alone.

import { LONGEST_NUMBER } from '../../model/dialled';
import type { CountryNumbering, Numbering, NumberFormat, PrefixNumbering } from '../policy-data';
import { ANY_SYMBOL, bitOf, fitsPattern, patternOf, type Pattern } from './digits';
import { nationalNumbers, SHORTEST_NATIONAL } from './number-plan';

/** What becomes of a number: `put`, and behind it the number without its first `cut` characters. */
export interface NumberForm {
  readonly cut: number;
  readonly put: string;
}

export interface Numbers {
  readonly pattern: Pattern;
  /** What follows the pattern's places has digits only. */
  readonly onlyDigits?: true;
}

/** What becomes of these numbers. */
export interface FormedNumbers extends Numbers {
  /** Absent: that depends on more than the first characters and the length, or they cannot be dialled. */
  readonly form?: NumberForm;
  /** A longer number would be too long then. */
  readonly longest: number;
}

export const AS_DIALLED: NumberForm = { cut: 0, put: '' };

/** Of a list the first one that has a number counts; the last one has every number. */
type Stage = readonly Omit<FormedNumbers, 'longest'>[];

const ALL: Pattern = { places: [], open: true };
const DIGIT = patternOf('X').places[0] ?? 0;
const UNCHANGED: Stage = [{ pattern: ALL, form: AS_DIALLED }];

/** Whether a number is one of these. */
export function isAmong({ pattern, onlyDigits }: Numbers, number: string): boolean {
  if (!fitsPattern(pattern, number)) return false;
  return !onlyDigits || /^[0-9]*$/.test(number.slice(pattern.places.length));
}

/** The number in this form. */
export function inForm({ cut, put }: NumberForm, number: string): string {
  return put + number.slice(cut);
}

/** Whether these numbers stay as they are: what is put before them is what was cut off. */
export function isAsDialled({ cut, put }: NumberForm, { places }: Pattern): boolean {
  return cut === put.length && literal(put).every((set, at) => set === places[at]);
}

/** Numbers that are among both; undefined if there are none. */
export function meet(one: Numbers, other: Numbers): Numbers | undefined {
  const length = Math.max(one.pattern.places.length, other.pattern.places.length);
  const isTooShort = ({ pattern: { places, open } }: Numbers) => !open && places.length < length;
  if (isTooShort(one) || isTooShort(other)) return undefined;
  const placeOf = ({ pattern: { places }, onlyDigits }: Numbers, at: number): number =>
    places[at] ?? (onlyDigits ? DIGIT : ANY_SYMBOL);
  const places = Array.from({ length }, (_, at) => placeOf(one, at) & placeOf(other, at));
  if (places.includes(0)) return undefined;
  const open = one.pattern.open && other.pattern.open;
  return {
    pattern: { places, open },
    ...(open && (one.onlyDigits ?? other.onlyDigits) && { onlyDigits: true as const }),
  };
}

/**
 * What a trunk gets of the numbers that a route takes, as `legOn` has it: the first that has a number counts, and one has it.
 * @param ofRoute what the route makes of a number before the trunk does
 */
export function formsOf(
  numbers: Numbers,
  ofRoute: NumberFormat | undefined,
  ofTrunk: NumberFormat | undefined,
  numbering: Numbering | undefined,
): readonly FormedNumbers[] {
  const { format, ...own } = ofTrunk ?? {};
  // The route's format counts in place of the trunk's.
  const wanted = ofRoute?.format === undefined ? format : undefined;
  const stages = [
    stripping(ofRoute?.strip),
    formatting(ofRoute?.format, numbering),
    prepending(ofRoute?.prepend),
    formatting(wanted, numbering),
    stripping(own.strip),
    prepending(own.prepend),
  ];
  return stages.reduce(through, [{ ...numbers, form: AS_DIALLED, longest: LONGEST_NUMBER }]);
}

/** Without those of which an earlier one has every number. */
export function reachable<Some extends Numbers>(all: readonly Some[]): readonly Some[] {
  const found: Some[] = [];
  for (const one of all) {
    const isTaken = found.some((earlier) => {
      const both = meet(earlier, one);
      return both !== undefined && isSame(both, one);
    });
    if (!isTaken) found.push(one);
  }
  return found;
}

function through(cells: readonly FormedNumbers[], stage: Stage): readonly FormedNumbers[] {
  if (stage === UNCHANGED) return cells;
  const found = cells.flatMap((cell): readonly FormedNumbers[] => {
    const { form: before, longest } = cell;
    if (!before) return [cell];
    const parts: FormedNumbers[] = [];
    for (const { form: next, ...those } of stage) {
      const taken = before === AS_DIALLED ? those : beforehand(those, before);
      const numbers = taken && meet(cell, taken);
      if (!taken || !numbers) continue;
      const form = next && oneAfterOther(before, next);
      const most = form ? LONGEST_NUMBER - form.put.length + form.cut : LONGEST_NUMBER;
      parts.push({ ...numbers, ...(form && { form }), longest: Math.min(longest, most) });
      // No number is left for those behind.
      if (isSame(numbers, cell)) break;
    }
    return parts;
  });
  return reachable(found);
}

function isSame(one: Numbers, other: Numbers): boolean {
  const [{ places, open }, wider] = [one.pattern, other.pattern];
  const alike = open === wider.open && one.onlyDigits === other.onlyDigits;
  return (
    alike &&
    places.length === wider.places.length &&
    places.every((set, at) => set === wider.places[at])
  );
}

/** The numbers that are among those when they have this form. */
function beforehand(
  { pattern, onlyDigits }: Numbers,
  { cut, put }: NumberForm,
): Numbers | undefined {
  const { places, open } = pattern;
  if (put.length > places.length && !open) return undefined;
  const fits = [...put].every((char, at) => {
    const place = places[at] ?? (onlyDigits ? DIGIT : ANY_SYMBOL);
    return (place & bitOf(char.charCodeAt(0))) !== 0;
  });
  if (!fits) return undefined;
  const anything = Array<number>(cut).fill(ANY_SYMBOL);
  return {
    pattern: { places: [...anything, ...places.slice(put.length)], open },
    ...(onlyDigits && { onlyDigits }),
  };
}

function oneAfterOther(one: NumberForm, { cut, put }: NumberForm): NumberForm {
  const left = one.put.slice(cut);
  return { cut: one.cut + Math.max(0, cut - one.put.length), put: put + left };
}

function stripping(strip: string | undefined): Stage {
  if (strip === undefined) return UNCHANGED;
  const places = literal(strip);
  return [
    {
      pattern: { places: [...places, ANY_SYMBOL], open: true },
      form: { cut: strip.length, put: '' },
    },
    // Nothing would be left.
    { pattern: { places, open: false } },
    ...UNCHANGED,
  ];
}

function prepending(put: string | undefined): Stage {
  return put === undefined ? UNCHANGED : [{ pattern: ALL, form: { cut: 0, put } }];
}

function formatting(format: NumberFormat['format'], numbering: Numbering | undefined): Stage {
  if (format === undefined || numbering === undefined) return UNCHANGED;
  return [
    ...international(numbering).flatMap((part) => inFormat(part, format, numbering)),
    ...UNCHANGED,
  ];
}

function inFormat(
  part: Stage[number],
  format: NonNullable<NumberFormat['format']>,
  numbering: Numbering,
): Stage {
  // What stays as it was dialled is in no format either.
  if (format === 'e164' || !part.form || part.form === AS_DIALLED) return [part];
  return through(
    [{ ...part, longest: LONGEST_NUMBER }],
    format === 'plus' ? prepending('+') : national(numbering),
  );
}

/** As `NumberPlan.international`: numbers that have a country code, and others that might have one. */
function international(numbering: Numbering): Stage {
  const { internationalPrefix } = numbering;
  return [
    inDigits('+', 1, { cut: 1, put: '' }),
    ...(internationalPrefix === undefined ? [] : abroad(internationalPrefix)),
    ...('country' in numbering ? byTables(numbering) : byPrefixes(numbering)),
  ];
}

function byPrefixes({ countryCode, nationalPrefix }: PrefixNumbering): Stage {
  const most = Math.max(0, SHORTEST_NATIONAL - nationalPrefix.length);
  return [inDigits(nationalPrefix, most, { cut: nationalPrefix.length, put: countryCode })];
}

/** The tables take a number apart to its last digit; of some countries' numbers the prefix and the length say enough. */
function byTables({ country }: CountryNumbering): Stage {
  const national = nationalNumbers(country);
  if (!national) return [inDigits('', 1)];
  const { prefix, countryCode, lengths, internationalPrefix } = national;
  const form = { cut: prefix.length, put: countryCode };
  const [shortest = 1] = lengths;
  const eachLength = lengths.flatMap((length): Stage => {
    const exactly = inDigits(prefix, length, form).pattern.places;
    return [{ pattern: { places: exactly, open: false }, form }];
  });
  const isWithoutGap = lengths.length === (lengths.at(-1) ?? 0) - shortest + 1;
  return [
    inDigits(internationalPrefix, 0),
    ...(isWithoutGap
      ? [inDigits(prefix, (lengths.at(-1) ?? 0) + 1), inDigits(prefix, shortest, form)]
      : eachLength),
    // Any of them may be a national number without its prefix; a shorter one is none.
    inDigits('', shortest),
  ];
}

function abroad(prefix: string): Stage {
  const alone = { pattern: { places: literal(prefix), open: false }, form: AS_DIALLED };
  return [
    inDigits(prefix, 1, { cut: prefix.length, put: '' }),
    // Alone it is no number of the plan, however long.
    ...(prefix.length < SHORTEST_NATIONAL ? [] : [alone]),
  ];
}

/** As `NumberPlan.national`. */
function national(numbering: Numbering): Stage {
  // By tables of the country, which know how each of its numbers is written.
  if ('country' in numbering) return [{ pattern: ALL }];
  const { countryCode, nationalPrefix, internationalPrefix } = numbering;
  const places = literal(countryCode);
  const form = { cut: countryCode.length, put: nationalPrefix };
  return [
    ...(nationalPrefix === '' ? [{ pattern: { places, open: false } }] : []),
    { pattern: { places, open: true }, form },
    { pattern: ALL, form: { cut: 0, put: internationalPrefix } },
  ];
}

/** Numbers of digits that begin so, and have so many more at least. */
function inDigits(begin: string, more: number, form?: NumberForm): Stage[number] {
  const places = [...literal(begin), ...Array<number>(more).fill(DIGIT)];
  return { pattern: { places, open: true }, onlyDigits: true, ...(form && { form }) };
}

function literal(text: string): number[] {
  return [...text].map((char) => bitOf(char.charCodeAt(0)));
}
