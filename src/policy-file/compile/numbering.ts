import { hasInternationalPrefix, isCountry } from '../../policy/routes/number-plan';
import type { Path } from '../problems/problems';
import { isMap } from '../schema/parts';
import type { CrossComplaint } from './cross-complaint';

const EXAMPLE = 'numbering: { country: DE }';
/** Of a plan that is told by its prefixes. */
const PREFIXES = ['country_code', 'national_prefix', 'international_prefix'];

/** Conditions that ask for the country of a number, as the plan reads it. */
const COUNTRY_KEYS = ['caller_country', 'callee_country'];

/** Countries can be told only of numbers that a plan reads. */
export function countriesWithoutNumbering(
  numbering: unknown,
  rules: readonly (readonly [unknown, Path])[],
): CrossComplaint[] {
  if (numbering !== undefined) return [];
  return rules.flatMap(([rule, path]) => {
    const when = isMap(rule) && isMap(rule['when']) ? rule['when'] : {};
    return COUNTRY_KEYS.filter((key) => when[key] !== undefined).map((key) => ({
      ...{ path: [...path, 'when', key], atKey: true },
      ...{ finding: 'CB1207' as const, message: `${key} without numbering` },
      expected: `Expected at the top of the file: ${EXAMPLE}`,
    }));
  });
}

/**
 * A dialling plan is a country, or the whole of a plan's prefixes; a number format needs one.
 * @param formats what is written as format, and where
 */
export function numberingComplaints(
  numbering: unknown,
  formats: readonly (readonly [unknown, Path])[],
): CrossComplaint[] {
  if (numbering === undefined)
    return formats.map(([, path]) => ({
      ...{ path, finding: 'CB1207', message: 'a number format without numbering' },
      expected: `Expected at the top of the file: ${EXAMPLE}`,
    }));
  if (!isMap(numbering)) return [];
  const { country } = numbering;
  return country === undefined
    ? missingPrefixes(numbering)
    : [...besideCountry(numbering), ...wayAbroad(numbering, country, formats)];
}

function missingPrefixes(numbering: Readonly<Record<string, unknown>>): CrossComplaint[] {
  const missing = PREFIXES.filter((key) => numbering[key] === undefined);
  if (missing.length === 0) return [];
  const message = `no country, and no ${missing.join(', ')}`;
  const expected = `Expected ${EXAMPLE}, or numbering: { country_code: 49, national_prefix: "0", international_prefix: "00" }`;
  return [{ path: ['numbering'], finding: 'CB1216', message, expected }];
}

function besideCountry(numbering: Readonly<Record<string, unknown>>): CrossComplaint[] {
  return ['country_code', 'national_prefix']
    .filter((key) => numbering[key] !== undefined)
    .map((key) => ({
      ...{ path: ['numbering', key], finding: 'CB1216', message: `${key} beside a country` },
      ...{ expected: 'Expected the country alone, or all prefixes without it', atKey: true },
    }));
}

/** Some countries dial abroad by the prefix of a carrier, so that their tables have none. */
function wayAbroad(
  numbering: Readonly<Record<string, unknown>>,
  country: unknown,
  formats: readonly (readonly [unknown, Path])[],
): CrossComplaint[] {
  if (typeof country !== 'string' || !isCountry(country)) return [];
  if (numbering['international_prefix'] !== undefined || hasInternationalPrefix(country)) return [];
  if (!formats.some(([format]) => format === 'national')) return [];
  return [
    {
      ...{ path: ['numbering', 'country'], finding: 'CB1216' },
      message: `${country} has several international prefixes, and a trunk or a route wants the format national`,
      expected: `Expected the digits of the one to dial: numbering: { country: ${country}, international_prefix: "…" }`,
    },
  ];
}
