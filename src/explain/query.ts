import { closest } from '../policy-file/problems/suggest';
import { CAUSES, causeOf } from '../model/registries/q850';
import { causeRow } from '../model/classes';
import { SIP_CODES } from '../model/registries/sip-codes';
import { printable } from '../model/printable';
import { wordsOf } from '../model/words';
import { FREESWITCH_CAUSES, freeswitchCause, hasOwnMeaning } from './pbx/freeswitch';
import { fill, type Labels } from './texts';

/** What to explain. */
export type Query =
  | { readonly kind: 'sip'; readonly sip: number; readonly phrase?: string }
  | { readonly kind: 'q850'; readonly cause: number }
  /** A cause above 127, or one that means something else than Q.850's on a leg without a response. */
  | { readonly kind: 'freeswitch'; readonly name: string; readonly number: number };

export type ParsedQuery = { readonly query: Query } | { readonly problem: string };

const LONGEST_SHOWN = 80;

/** Untrusted text, made safe for a terminal: no control characters, limited length. */
export function shown(text: string): string {
  return printable(text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text);
}

/** Reads one argument: `480`, `480 Codec Mismatch`, `q850:34`, `USER_BUSY`, `User busy`. */
export function parseQuery(argument: string, { error }: Labels): ParsedQuery {
  const text = argument.trim();
  if (text === '') return { problem: error.empty };
  const query = JSON.stringify(shown(text));
  const status = /^(?:SIP\/2\.0\s+|sip:)?(\d+)(?:\s+(.+))?$/is.exec(text);
  if (status) {
    const [, digits = '', phrase] = status;
    const sip = digits.length > 6 ? Infinity : Number(digits);
    if (sip >= 100 && sip <= 699) {
      return {
        query: { kind: 'sip', sip, ...(phrase !== undefined && { phrase: shown(phrase) }) },
      };
    }
    const bare = sip >= 1 && sip <= 127 && phrase === undefined;
    return { problem: fill(bare ? error.bare_cause : error.status, { query: shown(text) }) };
  }
  const cause = /^q\.?850[:;\s]\s*(?:cause=)?(.*)$/is.exec(text);
  if (cause) return parseCause(cause[1] ?? '', shown(text), error);
  return byName(text, query, error);
}

function parseCause(digits: string, query: string, error: Labels['error']): ParsedQuery {
  const cause = /^\d{1,3}$/.test(digits) ? Number(digits) : NaN;
  if (!(cause >= 1 && cause <= 127)) return { problem: fill(error.cause, { query }) };
  if (!causeOf(cause) && !causeRow(cause)) {
    return { problem: fill(error.unassigned, { query, cause }) };
  }
  return { query: { kind: 'q850', cause } };
}

/** Queries by the words of their names: FreeSWITCH's, Q.850's, and registered reason phrases. */
const NAMES = new Map<string, Query>();
for (const { code: sip, phrase } of SIP_CODES) NAMES.set(wordsOf(phrase), { kind: 'sip', sip });
for (const { cause, text } of CAUSES) NAMES.set(wordsOf(text), { kind: 'q850', cause });
for (const { name, number } of FREESWITCH_CAUSES) {
  const own = number > 127;
  const known = causeRow(number) !== undefined;
  if (own) NAMES.set(wordsOf(name.replaceAll('_', ' ')), { kind: 'freeswitch', name, number });
  else if (known) NAMES.set(wordsOf(name.replaceAll('_', ' ')), { kind: 'q850', cause: number });
}
const SUGGESTED = [
  ...FREESWITCH_CAUSES.map(({ name }) => name),
  ...CAUSES.map(({ text }) => text),
  ...SIP_CODES.map(({ phrase }) => phrase),
];

function byName(text: string, query: string, error: Labels['error']): ParsedQuery {
  const cause = freeswitchCause(text);
  // In FreeSWITCH's own spelling; "Destination out of order" is Q.850's.
  if (cause && hasOwnMeaning(cause.name)) return { query: { kind: 'freeswitch', ...cause } };
  const found = NAMES.get(wordsOf(text.replaceAll('_', ' ')));
  if (found) return { query: found };
  const suggestion = closest(text.slice(0, LONGEST_SHOWN), SUGGESTED);
  if (suggestion === undefined) return { problem: fill(error.unknown, { query }) };
  return { problem: fill(error.suggestion, { query, suggestion: JSON.stringify(suggestion) }) };
}
