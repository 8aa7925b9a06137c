import {
  getCountries,
  getCountryCallingCode,
  getExampleNumber,
  isSupportedCountry,
  Metadata,
  parsePhoneNumberFromString,
  type CountryCode,
} from 'libphonenumber-js/min';
import examples from 'libphonenumber-js/mobile/examples';
import type { CountryNumbering } from '../policy-data';
import type { NumberPlan } from './number';

/** Reading a number takes some 50 µs, and a call asks for the same one on each of its trunks. */
const KEPT = 64;
/** Of North America, whose national prefix it is too. */
const NANP = '1';

/** ISO 3166-1 alpha-2, as far as libphonenumber has a plan for it. */
export function isCountry(name: string): boolean {
  return isSupportedCountry(name);
}

/** Whether the way to dial abroad is known: where there are several, the country's tables name none. */
export function hasInternationalPrefix(country: string): boolean {
  const abroad = country === 'GB' ? '+4930123456' : '+442079460000';
  return (
    parsePhoneNumberFromString(abroad)?.format('IDD', { fromCountry: country as CountryCode }) !==
    undefined
  );
}

/**
 * Numbers as one country dials them. A number without the national prefix is national only where it is written so; if
 * not, it is a subscriber's of the same area, or a short code.
 * @param numbering its country must be one of `isCountry`
 */
export function countryPlan({ country, internationalPrefix }: CountryNumbering): NumberPlan {
  const here = country as CountryCode;
  const code = getCountryCallingCode(here);
  const mobile = lengthOfMobiles(here);

  const read = (dialled: string): string | undefined => {
    if (dialled.startsWith('+')) return dialled.slice(1);
    if (internationalPrefix !== undefined && dialled.startsWith(internationalPrefix))
      return dialled.slice(internationalPrefix.length) || undefined;
    const number = parsePhoneNumberFromString(dialled, { defaultCountry: here, extract: false });
    if (!number?.isPossible()) return undefined;
    const { nationalNumber, countryCallingCode } = number;
    const isAbroad = countryCallingCode !== code;
    return isAbroad || isNational(dialled, nationalNumber, number.formatNational())
      ? countryCallingCode + nationalNumber
      : undefined;
  };

  const isNational = (dialled: string, number: string, written: string): boolean => {
    // Without a plus, a country code is no more than the digits of some longer number.
    if (dialled === code + number) return code === NANP;
    return dialled !== number || dialled.length === mobile || isSpacedAs(written, dialled);
  };

  const keep = new Map<string, string | undefined>();
  return {
    international(dialled) {
      if (keep.has(dialled)) return keep.get(dialled);
      const found = read(dialled);
      if (keep.size >= KEPT) keep.clear();
      keep.set(dialled, found);
      return found;
    },
    national(international) {
      const number = parsePhoneNumberFromString(`+${international}`);
      if (number?.countryCallingCode === code) return digitsOf(number.formatNational());
      if (internationalPrefix !== undefined) return internationalPrefix + international;
      const abroad = number?.format('IDD', { fromCountry: here });
      return abroad === undefined ? undefined : digitsOf(abroad);
    },
  };
}

/**
 * The country of a number with its country code (E.164, digits only); undefined where several share it, as 88x, or the
 * number is none.
 */
export function countryOf(international: string): string | undefined {
  if (COUNTRIES.has(international)) return COUNTRIES.get(international);
  const country = parsePhoneNumberFromString(`+${international}`, { extract: false })?.country;
  if (COUNTRIES.size >= KEPT) COUNTRIES.clear();
  COUNTRIES.set(international, country);
  return country;
}

const COUNTRIES = new Map<string, string | undefined>();

/** Numbers that are national whatever their digits: the prefix, then as many digits as a number of the country may have. */
export interface NationalNumbers {
  readonly prefix: string;
  readonly countryCode: string;
  /** What is not dialled within the country begins so. */
  readonly internationalPrefix: string;
  /** Ascending. */
  readonly lengths: readonly number[];
}

/** What libphonenumber does not say in its types. */
interface PlanOfTables {
  IDDPrefix(): string;
  nationalPrefix(): string | undefined;
  nationalPrefixForParsing(): string | undefined;
  nationalPrefixTransformRule(): string | undefined;
  nationalNumberPattern(): string;
  possibleLengths(): readonly number[] | undefined;
}

/**
 * Undefined where more digits than the first ones count: several countries with one code, a prefix that is no more than
 * optional, carrier codes, national numbers that begin like the prefix.
 */
export function nationalNumbers(country: string): NationalNumbers | undefined {
  if (NATIONAL.has(country)) return NATIONAL.get(country);
  const found = nationalNumbersBy(country as CountryCode);
  NATIONAL.set(country, found);
  return found;
}

const NATIONAL = new Map<string, NationalNumbers | undefined>();

function nationalNumbersBy(country: CountryCode): NationalNumbers | undefined {
  const countryCode = getCountryCallingCode(country);
  if (getCountries().filter((one) => getCountryCallingCode(one) === countryCode).length !== 1)
    return undefined;
  const metadata = new Metadata();
  metadata.selectNumberingPlan(country);
  const plan = metadata.numberingPlan as unknown as PlanOfTables;
  const prefix = plan.nationalPrefix() ?? '';
  const internationalPrefix = plan.IDDPrefix();
  const lengths = plan.possibleLengths() ?? [];
  const isByPrefix =
    /^[0-9]$/.test(prefix) &&
    plan.nationalPrefixForParsing() === prefix &&
    !plan.nationalPrefixTransformRule() &&
    /^[0-9]+$/.test(internationalPrefix) &&
    !countryCode.startsWith(prefix) &&
    lengths.length > 0 &&
    !mayBegin(plan.nationalNumberPattern(), prefix);
  return isByPrefix ? { prefix, countryCode, internationalPrefix, lengths } : undefined;
}

/** Whether a text that matches the expression, one of libphonenumber's, may begin with this digit; true if in doubt. */
function mayBegin(expression: string, digit: string): boolean {
  return alternatives(expression).some((one) => {
    const [, inGroup] = /^\(\?:(.*)$/.exec(one) ?? [];
    if (inGroup !== undefined) {
      const end = endOfGroup(inGroup);
      return /^[?*{]/.test(inGroup.slice(end + 1)) || mayBegin(inGroup.slice(0, end), digit);
    }
    const [, atom = '', rest = ''] = /^(\[[^\]]*\]|[0-9])(.*)$/.exec(one) ?? [];
    if (atom === '' || /^[?*{]/.test(rest.replace(/^\{[1-9]/, ''))) return true;
    return new RegExp(`^${atom}$`).test(digit);
  });
}

function alternatives(expression: string): readonly string[] {
  const found = [''];
  let depth = 0;
  for (const char of expression) {
    if (char === '(') depth += 1;
    if (char === ')') depth -= 1;
    if (char === '|' && depth === 0) found.push('');
    else found.push(`${found.pop() ?? ''}${char}`);
  }
  return found;
}

/** Of a text that begins in a group, where that ends. */
function endOfGroup(text: string): number {
  let depth = 0;
  const at = [...text].findIndex((char) => {
    if (char === '(') depth += 1;
    if (char === ')') depth -= 1;
    return depth < 0;
  });
  return at < 0 ? text.length : at;
}

/** How long mobile numbers are where they are dialled without a national prefix; else undefined. */
function lengthOfMobiles(country: CountryCode): number | undefined {
  const example = getExampleNumber(country, examples);
  const { nationalNumber = '' } = example ?? {};
  return example && digitsOf(example.formatNational()) === nationalNumber
    ? nationalNumber.length
    : undefined;
}

/** The country writes the number so, and in groups: of one that it has no form for, the digits are left as they are. */
function isSpacedAs(written: string, dialled: string): boolean {
  return written !== dialled && digitsOf(written) === dialled;
}

function digitsOf(written: string): string {
  return written.replace(/[^0-9]/g, '');
}
