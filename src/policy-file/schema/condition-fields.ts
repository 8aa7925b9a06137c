import type { ElapsedBound, TimeWindow } from '../../policy/rules/condition';
import { mayBeAsked } from '../../sip/sip-message';
import { milliseconds, scalar } from './fields';
import { describe, quote } from '../problems/problems';
import { closest } from '../problems/suggest';

/** Longest pattern for a reason phrase. Characters. */
const LONGEST_PATTERN = 128;

export const phrase = textPattern('a reason phrase', 'phrase', '"*capacity*"');

export const headerValue = textPattern('the value of a header', 'value', '"D12*"');

/** A pattern for a whole text, in any case; `*` stands for any text or none. */
function textPattern(what: string, short: string, example: string) {
  return scalar<string>(
    `Expected ${what} of up to ${LONGEST_PATTERN} characters; * stands for anything, such as ${example}`,
    (written) => {
      const value = String(written).trim();
      if (value === '') return { complaint: { message: `empty ${short}` } };
      if (value.length > LONGEST_PATTERN) {
        return { complaint: { message: `${value.length} characters of ${short}` } };
      }
      const regular = /^\/.*\/[a-z]*$|\.\*|\^|\$$/.test(value);
      if (!regular) return { value };
      const suggestion = value
        .replace(/^\/(.*)\/[a-z]*$/, '$1')
        .replace(/\.\*/g, '*')
        .replace(/[\^$]/g, '');
      const message = `looks like a regular expression: ${quote(value)}`;
      return { complaint: { message, suggestion } };
    },
  );
}

/** In lower case. */
export const headerName = scalar<string>(
  'Expected the name of a header such as X-Carrier-Code; not of the transport, addresses, authentication or the body',
  (written) => {
    const value = String(written).toLowerCase();
    if (mayBeAsked(value)) return { value };
    return { complaint: { message: `not a header that can be asked for: ${describe(written)}` } };
  },
  /^[A-Za-z0-9][A-Za-z0-9._-]{1,63}$/,
);

export const q850Cause = scalar<number>(
  'Expected a Q.850 cause from 1 to 127, such as 34',
  (written) => {
    if (typeof written === 'number' && Number.isInteger(written) && written > 0 && written < 128) {
      return { value: written };
    }
    return { complaint: { message: `not a Q.850 cause: ${describe(written)}` } };
  },
  { minimum: 1, maximum: 127 },
);

/** RFC 8606 5.1: names for the codes of Q.850's location, `LOC-` for codes without a name. */
const LOCATIONS = [
  'U',
  'LPN',
  'LN',
  'TN',
  'RLN',
  'RPN',
  'LOC-6',
  'INTL',
  'LOC-8',
  'LOC-9',
  'BI',
  'LOC-11',
  'LOC-12',
  'LOC-13',
  'LOC-14',
  'LOC-15',
];

export const location = scalar<string>(
  `Expected a location of RFC 8606: ${LOCATIONS.join(', ')}`,
  (written) => {
    const value = String(written);
    if (LOCATIONS.includes(value)) return { value };
    const suggestion =
      closest(value, LOCATIONS) ?? LOCATIONS.find((it) => it === value.toUpperCase());
    const message = `unknown location ${describe(written)}`;
    return { complaint: { message, ...(suggestion !== undefined && { suggestion }) } };
  },
  { enum: LOCATIONS },
);

export const contextName = scalar<string>(
  'Expected the name of a dialplan context: letters, digits, ._-',
  (written) => {
    const value = String(written);
    if (/^[A-Za-z0-9._-]{1,80}$/.test(value)) return { value };
    return { complaint: { message: `not a context: ${describe(written)}` } };
  },
  /^[A-Za-z0-9._-]{1,80}$/,
);

const LONGEST_ELAPSED_MS = 300_000;

/** Time since the call began, with the side of the bound that is meant. */
export const elapsed = scalar<ElapsedBound>(
  'Expected > or < and 1ms to 5m, in quotes, such as ">8s" or "<500ms"',
  (written) => {
    const text = String(written);
    const [, side, amount = ''] = /^([<>])\s*(.*)$/.exec(text) ?? [];
    const ms = milliseconds(side === undefined ? text : amount);
    if (ms !== undefined && (ms < 1 || ms > LONGEST_ELAPSED_MS))
      return { complaint: { message: `${quote(text)} is out of range` } };
    if (side !== undefined && ms !== undefined)
      return { value: { than: side === '>' ? 'more' : 'less', ms } };
    const message = `not a bound: ${describe(written)}`;
    return { complaint: { message, ...(ms !== undefined && { suggestion: `>${text}` }) } };
  },
  /^[<>]\s*\d{1,9}(ms|s|m|h)$/,
);

const DAYS = ['Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su'];
const EVERY_DAY = DAYS.map((_, day) => day);

export const timeWindow = scalar<TimeWindow>(
  'Expected days, hours or both, such as "Mo-Fr 08:00-18:00", "Sa,Su" or "22:00-06:00"',
  (written) => {
    const text = String(written).trim();
    const [, days, hours] =
      /^([A-Za-z][A-Za-z,-]*)?(?:(?:^|\s+)([0-9:]+-[0-9:]+))?$/.exec(text) ?? [];
    if (days === undefined && hours === undefined) {
      return { complaint: { message: `not a time: ${describe(written)}` } };
    }
    const named = days === undefined ? EVERY_DAY : readDays(days);
    if (!Array.isArray(named)) {
      const suggestion = closest(named.unknown.slice(0, 2), DAYS);
      const message = `unknown day ${quote(named.unknown)}`;
      return { complaint: { message, ...(suggestion !== undefined && { suggestion }) } };
    }
    const [from, to] = (hours ?? '00:00-24:00').split('-').map(minuteOf);
    if (from === undefined || to === undefined || from === 1440) {
      return { complaint: { message: `not hours: ${quote(hours ?? '')}` } };
    }
    if (from === to) return { complaint: { message: `${quote(hours ?? '')} never begins` } };
    return { value: { days: named, from, to } };
  },
);

function readDays(text: string): number[] | { readonly unknown: string } {
  const days = new Set<number>();
  for (const part of text.split(',')) {
    const ends = part.split('-');
    const [first, last] = [ends[0] ?? '', ends[1] ?? ends[0] ?? ''];
    const [from, to] = [DAYS.indexOf(first), DAYS.indexOf(last)];
    if (from < 0 || ends.length > 2) return { unknown: first };
    if (to < 0) return { unknown: last };
    for (let day = from; ; day = (day + 1) % DAYS.length) {
      days.add(day);
      if (day === to) break;
    }
  }
  return [...days].sort((a, b) => a - b);
}

function minuteOf(text: string): number | undefined {
  const [, hour, minute] = /^(\d\d):(\d\d)$/.exec(text) ?? [];
  const minutes = Number(hour) * 60 + Number(minute);
  return Number(minute) < 60 && minutes <= 24 * 60 ? minutes : undefined;
}
