import { exampleOf, fitsPattern, patternOf, type Pattern } from '../routes/digits';
import type { Trunk } from '../policy-data';

/**
 * Which callers: their number fits one pattern of each of these lists, and none of `fitsNone`; a caller without a number fits
 * nothing.
 */
export interface Callers {
  readonly fits: readonly (readonly Pattern[])[];
  readonly fitsNone: readonly Pattern[];
}

/** Callers whom each of some trunks treats alike: as their own number, or as its `caller_id` has it. */
export interface CallersAlike extends Callers {
  /** The number of one of them; absent: of a caller without a number. */
  readonly example?: string;
}

/** Lists of different patterns that a route may have: each doubles what a PBX has to be told of it. */
const MOST_LISTS = 2;

/** All callers, by which of these trunks present them as they are. */
export interface CallersOfTrunks {
  readonly alike: readonly CallersAlike[];
  /** Not every caller is among these: no example of the others was found, if there are any. */
  readonly isPart?: true;
}

/** @returns undefined where callers are told apart in too many ways, `{ alike: [] }` where in none */
export function callersOf(trunks: readonly Pick<Trunk, 'callerId'>[]): CallersOfTrunks | undefined {
  const lists = new Map(
    trunks.flatMap(({ callerId }) =>
      callerId
        ? [[JSON.stringify(callerId.allowed), callerId.allowed.map(patternOf)] as const]
        : [],
    ),
  );
  if (lists.size === 0) return { alike: [] };
  if (lists.size > MOST_LISTS) return undefined;
  const groups = [...lists.values()].reduce<readonly Callers[]>(
    (found, list) =>
      found.flatMap(({ fits, fitsNone }) => [
        { fits: [...fits, list], fitsNone },
        { fits, fitsNone: [...fitsNone, ...list] },
      ]),
    [{ fits: [], fitsNone: [] }],
  );
  const alike = groups.flatMap((callers): readonly CallersAlike[] => {
    // Whoever shows no number is among those whom no trunk accepts.
    if (callers.fits.length === 0) return [callers];
    const example = exampleAmong(callers);
    return example === undefined ? [] : [{ ...callers, example }];
  });
  return { alike, ...(alike.length < groups.length && { isPart: true as const }) };
}

/** Whether a caller, of whom the number may be absent, is one of these. */
export function isOneOf({ fits, fitsNone }: Callers, from: string | undefined): boolean {
  if (from === undefined) return fits.length === 0;
  const isIn = (patterns: readonly Pattern[]) => patterns.some((one) => fitsPattern(one, from));
  return fits.every(isIn) && !isIn(fitsNone);
}

function exampleAmong(callers: Callers): string | undefined {
  const begun = callers.fits.flat().map(exampleOf);
  const longer = begun.flatMap((number) => [...'0123456789'].map((digit) => `${number}${digit}`));
  return [...begun, ...longer].find((number) => number !== '' && isOneOf(callers, number));
}
