import type { Numbering } from '../policy-data';
import type * as CountryPlans from './country-plan';
import { isInDigits, type CountryOf, type NumberPlan } from './number';

/** Without a national prefix, digits of at least this length are a national number, not a short code. */
export const SHORTEST_NATIONAL = 7;

/** The plan of a country by the tables of libphonenumber, or one that is written by its prefixes. */
export function planOf(numbering: Numbering): NumberPlan {
  return 'country' in numbering ? tables().countryPlan(numbering) : prefixPlan(numbering);
}

/**
 * Numbers of calls → their countries. The tables are loaded at once, so that no call waits for them.
 * @param plan how the numbers are written
 */
export function countriesBy(plan: NumberPlan): CountryOf {
  const { countryOf } = tables();
  return (number) => {
    const international = isInDigits(number) ? plan.international(number) : undefined;
    return international === undefined ? undefined : countryOf(international);
  };
}

/** Numbers of a country that are national whatever their digits; undefined where nothing like that can be said. */
export function nationalNumbers(country: string): CountryPlans.NationalNumbers | undefined {
  return tables().nationalNumbers(country);
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
function tables(): typeof CountryPlans {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require('./country-plan') as typeof CountryPlans;
}

function prefixPlan(numbering: Exclude<Numbering, { country: string }>): NumberPlan {
  const { countryCode, nationalPrefix, internationalPrefix } = numbering;
  return {
    international(dialled) {
      if (dialled.startsWith('+')) return dialled.slice(1);
      if (dialled.startsWith(internationalPrefix))
        return dialled.slice(internationalPrefix.length) || undefined;
      // Every number begins with an empty prefix.
      if (!dialled.startsWith(nationalPrefix) || dialled.length < SHORTEST_NATIONAL)
        return undefined;
      return countryCode + dialled.slice(nationalPrefix.length);
    },
    national: (international) =>
      international.startsWith(countryCode)
        ? nationalPrefix + international.slice(countryCode.length)
        : internationalPrefix + international,
  };
}
