import { isDialable } from './digits';
import type { NumberFormat } from '../policy-data';

/** How numbers are written at the PBX. */
export interface NumberPlan {
  /**
   * Country code and national number (ITU-T E.164), digits only, of a dialled number of digits that may begin with a
   * plus; undefined for one outside the plan, as short codes are.
   */
  international(dialled: string): string | undefined;
  /** How the plan's country dials such a number; undefined if it has no way to. */
  national(international: string): string | undefined;
}

/** ISO 3166-1 alpha-2; undefined for a number in no country, or outside the plan, as short codes are. */
export type CountryOf = (number: string) => string | undefined;

/**
 * The number in a trunk's format: format, then strip, then prepend. A number outside the dialling plan
 * (short codes, star codes) keeps its form.
 * @returns undefined if the result cannot be dialled (empty, or longer than 32)
 */
export function formatNumber(
  number: string,
  wanted: NumberFormat | undefined,
  plan: NumberPlan | undefined,
): string | undefined {
  if (!wanted) return number;
  const { format, strip, prepend = '' } = wanted;
  const formatted = format && plan ? inFormat(number, format, plan) : number;
  const stripped =
    strip !== undefined && formatted.startsWith(strip) ? formatted.slice(strip.length) : formatted;
  const result = prepend + stripped;
  return stripped !== '' && isDialable(result) ? result : undefined;
}

/**
 * What a route makes of the dialled number before a trunk gets it: strip, then format, then prepend, so that an access
 * code is gone before the number is read and a carrier's code comes before the finished one.
 * @returns undefined if nothing is left, or the result cannot be dialled
 */
export function rewriteNumber(
  number: string,
  wanted: NumberFormat | undefined,
  plan: NumberPlan | undefined,
): string | undefined {
  const { strip, format, prepend } = wanted ?? {};
  const stripped = formatNumber(number, strip === undefined ? undefined : { strip }, plan);
  const formatted = stripped && formatNumber(stripped, format && { format }, plan);
  return (
    formatted && formatNumber(formatted, prepend === undefined ? undefined : { prepend }, plan)
  );
}

/** Whether a dialling plan can read the number: digits that may begin with a plus. */
export function isInDigits(number: string): boolean {
  return /^\+?[0-9]{1,32}$/.test(number);
}

function inFormat(
  number: string,
  format: NonNullable<NumberFormat['format']>,
  plan: NumberPlan,
): string {
  const international = isInDigits(number) ? plan.international(number) : undefined;
  if (international === undefined) return number;
  if (format === 'e164') return international;
  if (format === 'plus') return `+${international}`;
  return plan.national(international) ?? number;
}
