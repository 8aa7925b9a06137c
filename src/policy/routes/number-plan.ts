import type { Numbering } from '../policy-data';

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

/** Without a national prefix, digits of at least this length are a national number, not a short code. */
const SHORTEST_NATIONAL = 7;

/** The plan of a country by the tables of libphonenumber, or one that is written by its prefixes. */
export function planOf(numbering: Numbering): NumberPlan {
  return 'country' in numbering ? tables().countryPlan(numbering) : prefixPlan(numbering);
}

/** ISO 3166-1 alpha-2. */
export function isCountry(name: string): boolean {
  return tables().isCountry(name);
}

/** Whether the way to dial abroad is known: a country where there are several has none in its tables. */
export function hasInternationalPrefix(country: string): boolean {
  return tables().hasInternationalPrefix(country);
}

/** Loaded when a policy names a country: no other command waits for the tables of all countries. */
function tables(): typeof import('./country-plan') {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require('./country-plan') as typeof import('./country-plan');
}

function prefixPlan(numbering: Exclude<Numbering, { country: string }>): NumberPlan {
  const { countryCode, nationalPrefix, internationalPrefix } = numbering;
  return {
    international(dialled) {
      const digits = dialled.startsWith('+') ? dialled.slice(1) : dialled;
      if (digits !== dialled) return digits;
      if (digits.startsWith(internationalPrefix))
        return digits.slice(internationalPrefix.length) || undefined;
      if (nationalPrefix === '')
        return digits.length < SHORTEST_NATIONAL ? undefined : countryCode + digits;
      if (!digits.startsWith(nationalPrefix) || digits.length < SHORTEST_NATIONAL) return undefined;
      return countryCode + digits.slice(nationalPrefix.length);
    },
    national: (international) =>
      international.startsWith(countryCode)
        ? nationalPrefix + international.slice(countryCode.length)
        : internationalPrefix + international,
  };
}
