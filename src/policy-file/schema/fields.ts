import * as z from 'zod';
import { FAILURE_CLASSES } from '../../model/classes';
import type { FailureClass } from '../../model/classes';
import type { StatusRange } from '../../policy/rules/condition';
import { LONGEST_NUMBER } from '../../model/dialled';
import { isPattern, readPattern } from '../../policy/routes/digits';
import { describe, listed, quote } from '../problems/problems';
import type { Complaint } from '../problems/problems';
import { closest } from '../problems/suggest';

/** Result of a field's check: the value for the policy, or what is wrong with the text. */
type Reading<T> = { readonly value: T } | { readonly complaint: Omit<Complaint, 'expected'> };

/** What any scalar may be written as: of all of them, because each schema takes its time to be made. */
const WRITTEN = [z.string(), z.number()] as const;

/**
 * A scalar field. `expected` ends every message about it, and editors show it. Editors check against
 * `json`, as far as JSON Schema can express the rule.
 */
export function scalar<T>(
  expected: string,
  read: (written: string | number) => Reading<T>,
  json: RegExp | Readonly<Record<string, unknown>> = {},
) {
  const either = z.union(WRITTEN, { error: expected });
  // meta() would make another schema of it.
  z.globalRegistry.add(either, {
    description: expected,
    ...(json instanceof RegExp ? { pattern: json.source } : json),
  });
  return either.transform((written, context) => {
    const reading = read(written);
    if ('value' in reading) return reading.value;
    const { message, ...more } = reading.complaint;
    context.addIssue({ code: 'custom', message, params: { expected, ...more } });
    return z.NEVER;
  });
}

/** A whole number, both bounds inclusive. */
export function integer(least: number, most: number) {
  const error = `Expected an integer from ${least} to ${most}`;
  return z.int({ error }).min(least, { error }).max(most, { error });
}

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
const DURATION = /^(\d{1,9})(ms|s|m|h)$/;

/** A duration with its unit, both bounds inclusive; kept in milliseconds. */
export function duration(shortest: string, longest: string) {
  const expected = `Expected ${shortest} to ${longest}, written like 500ms, 4s or 2m`;
  const [least, most] = [milliseconds(shortest) ?? 0, milliseconds(longest) ?? Infinity];
  const fits = (ms: number | undefined): ms is number =>
    ms !== undefined && ms >= least && ms <= most;
  return scalar(
    expected,
    (written) => {
      const text = String(written);
      const value = milliseconds(text);
      if (fits(value)) return { value };
      if (value !== undefined) return { complaint: { message: `${text} is out of range` } };
      const bare = /^\d+$/.test(text);
      const message = bare ? `duration without a unit: ${text}` : `not a duration: ${quote(text)}`;
      const guesses = bare ? [`${text}s`, `${text}ms`] : [text.replace(/\s/g, '').toLowerCase()];
      const suggestion = guesses.find((guess) => fits(milliseconds(guess)));
      return { complaint: { message, ...(suggestion !== undefined && { suggestion }) } };
    },
    DURATION,
  );
}

/** `500ms`, `4s` or `2m` in milliseconds; undefined for anything else. */
export function milliseconds(text: string): number | undefined {
  const [, amount, unit] = DURATION.exec(text) ?? [];
  return amount && unit ? Number(amount) * (UNIT_MS[unit] ?? NaN) : undefined;
}

/** A pattern for a number, see `readPattern`. */
export const digits = scalar<string>(
  `Expected up to ${LONGEST_NUMBER} of 0-9 A-D * # +, X (0-9), Z (1-9), N (2-9) and sets such as [2-7], a final * for anything; or a pattern of Asterisk such as _NXXNXXXXXX`,
  (written) => {
    const value = String(written);
    const read = readPattern(value);
    return isPattern(read) ? { value } : { complaint: read };
  },
  /^(?:_[0-9A-DXZNxzn*#+[\]\-.!]+|[0-9A-DXZN*#+[\]-]+)$/,
);

export const emergencyNumber = scalar<string>(
  `Expected up to ${LONGEST_NUMBER} digits 0-9, such as 112`,
  (written) => {
    const value = String(written);
    if (/^[0-9]{1,32}$/.test(value)) return { value };
    return { complaint: { message: `not an emergency number: ${describe(value)}` } };
  },
  /^[0-9]{1,32}$/,
);

export const failureClass = scalar<FailureClass>(
  `Known classes: ${FAILURE_CLASSES.join(', ')}`,
  (written) => {
    const value = FAILURE_CLASSES.find((name) => name === written);
    if (value !== undefined) return { value };
    const meant =
      typeof written === 'number' ? `sip: ${written}` : closest(written, FAILURE_CLASSES);
    const message = `unknown failure class ${describe(written)}`;
    return { complaint: { message, ...(meant !== undefined && { suggestion: meant }) } };
  },
  { enum: FAILURE_CLASSES },
);

const STATUS_FAMILIES = ['3xx', '4xx', '5xx', '6xx'];

export const sipStatus = scalar<StatusRange>(
  `Expected a final SIP status from 300 to 699, or one of ${listed(STATUS_FAMILIES)}`,
  (written) => {
    const text = String(written);
    const [, hundreds, rest] = /^([3-6])(\d\d|xx)$/.exec(text) ?? [];
    if (hundreds && rest === 'xx') {
      const from = Number(hundreds) * 100;
      return { value: { from, to: from + 99 } };
    }
    if (rest) return { value: { from: Number(text), to: Number(text) } };
    const suggestion = STATUS_FAMILIES.find((family) => family === text.toLowerCase());
    const message = `not a failure's SIP status: ${describe(written)}`;
    return { complaint: { message, ...(suggestion !== undefined && { suggestion }) } };
  },
  { pattern: '^[3-6]([0-9][0-9]|xx)$', minimum: 300, maximum: 699 },
);

/** `{number}@context`: letters, digits and `._-`; the placeholder only before the `@`. */
export const mailbox = scalar<string>(
  'Expected mailbox@context of letters, digits and ._-, such as "{number}@default"',
  (written) => {
    const value = String(written);
    const filled = value.replaceAll('{number}', '0');
    if (/^[A-Za-z0-9._-]+@[A-Za-z0-9._-]+$/.test(filled) && !/@.*\{/.test(value)) return { value };
    const placeholder = /\{(?!number\})[^}]*\}?/.exec(value)?.[0];
    if (placeholder === undefined)
      return { complaint: { message: `not a mailbox: ${quote(value)}` } };
    const message = `unknown placeholder ${quote(placeholder)}`;
    return { complaint: { message, suggestion: '{number}' } };
  },
);
