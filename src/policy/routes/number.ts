import { isDialable } from './digits';
import type { NumberFormat, Numbering } from '../policy-data';

/** Without a national prefix, digits of at least this length are a national number, not a short code. */
const SHORTEST_NATIONAL = 7;

/**
 * The number in a trunk's format: format, then strip, then prepend. A number outside the dialling plan
 * (short codes, star codes) keeps its form.
 * @returns undefined if the result cannot be dialled (empty, or longer than 32)
 */
export function formatNumber(
  number: string,
  wanted: NumberFormat | undefined,
  numbering: Numbering | undefined,
): string | undefined {
  if (!wanted) return number;
  const { format, strip, prepend = '' } = wanted;
  const formatted = format && numbering ? inFormat(number, format, numbering) : number;
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
  numbering: Numbering | undefined,
): string | undefined {
  const { strip, format, prepend } = wanted ?? {};
  const stripped = formatNumber(number, strip === undefined ? undefined : { strip }, numbering);
  const formatted = stripped && formatNumber(stripped, format && { format }, numbering);
  return (
    formatted && formatNumber(formatted, prepend === undefined ? undefined : { prepend }, numbering)
  );
}

function inFormat(
  number: string,
  format: NonNullable<NumberFormat['format']>,
  numbering: Numbering,
): string {
  const international = toInternational(number, numbering);
  if (international === undefined) return number;
  if (format === 'e164') return international;
  if (format === 'plus') return `+${international}`;
  const { countryCode, nationalPrefix, internationalPrefix } = numbering;
  return international.startsWith(countryCode)
    ? nationalPrefix + international.slice(countryCode.length)
    : internationalPrefix + international;
}

/** Country code and national number without any prefix; undefined for any other number. */
function toInternational(number: string, numbering: Numbering): string | undefined {
  const { countryCode, nationalPrefix, internationalPrefix } = numbering;
  const digits = number.startsWith('+') ? number.slice(1) : number;
  if (!/^[0-9]+$/.test(digits)) return undefined;
  if (digits !== number) return digits;
  if (number.startsWith(internationalPrefix)) {
    return number.slice(internationalPrefix.length) || undefined;
  }
  if (nationalPrefix === '') {
    return number.length < SHORTEST_NATIONAL ? undefined : countryCode + number;
  }
  if (!number.startsWith(nationalPrefix) || number.length < SHORTEST_NATIONAL) return undefined;
  return countryCode + number.slice(nationalPrefix.length);
}
