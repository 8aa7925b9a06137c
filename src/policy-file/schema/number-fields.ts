import { isDialable } from '../../policy/routes/digits';
import { isCountry } from '../../policy/routes/number-plan';
import { scalar } from './fields';
import { describe } from '../problems/problems';

export const dialable = scalar<string>(
  'Expected a number of up to 32 of 0-9 A-D * # +, such as "+49305550100"',
  (written) => {
    const value = String(written);
    if (isDialable(value)) return { value };
    const suggestion = value.replace(/[\s()./-]/g, '');
    const message = `not a number: ${describe(written)}`;
    return { complaint: { message, ...(isDialable(suggestion) && { suggestion }) } };
  },
  /^[0-9A-D*#+]{1,32}$/,
);

/** ISO 3166-1 alpha-2 of a country with a numbering plan. */
export const country = scalar<string>(
  'Expected a country by its two letters of ISO 3166-1, such as US',
  (written) => {
    const value = String(written);
    if (/^[A-Z]{2}$/.test(value) && isCountry(value)) return { value };
    const suggestion = value.toUpperCase().replace(/^UK$/, 'GB');
    const message = `not a country: ${describe(written)}`;
    const isOne = /^[A-Z]{2}$/.test(suggestion) && isCountry(suggestion);
    return { complaint: { message, ...(isOne && { suggestion }) } };
  },
  /^[A-Z]{2}$/,
);

export const countryCode = scalar<string>(
  'Expected a country code without + or 00, such as 49',
  (written) => {
    const value = String(written);
    if (/^[1-9][0-9]{0,2}$/.test(value)) return { value };
    const suggestion = value.replace(/^(\+|00)/, '');
    const message = `not a country code: ${describe(written)}`;
    return { complaint: { message, ...(/^[1-9][0-9]{0,2}$/.test(suggestion) && { suggestion }) } };
  },
  /^[1-9][0-9]{0,2}$/,
);

/** A dialling prefix; only the national one may be empty. */
export function dialPrefix(example: string, least: 0 | 1) {
  const expected = `Expected ${least === 0 ? 'up to' : '1 to'} 5 digits, such as ${example}`;
  return scalar<string>(expected, (written) => {
    const value = String(written);
    if (/^[0-9]{0,5}$/.test(value) && value.length >= least) return { value };
    return { complaint: { message: `not a prefix: ${describe(written)}` } };
  });
}

export const percentage = scalar<number>('Expected a percentage from 0% to 100%', (written) => {
  const text = String(written);
  const [, amount] = /^(\d{1,3}(?:\.\d{1,2})?)%$/.exec(text) ?? [];
  if (amount !== undefined && Number(amount) <= 100) return { value: Number(amount) / 100 };
  const bare = /^\d{1,3}$/.test(text) && Number(text) <= 100 ? `${text}%` : undefined;
  const ratio = /^0?\.\d{1,2}$/.test(text) ? `${Math.round(Number(text) * 100)}%` : undefined;
  const suggestion = bare ?? ratio;
  const message = `not a percentage: ${describe(written)}`;
  return { complaint: { message, ...(suggestion !== undefined && { suggestion }) } };
});
