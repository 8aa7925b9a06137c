import type { Contact, Warning } from '../model/failure';
import { readContacts } from '../normalize/contacts';
import { parameterOf, splitTop, unquote } from '../normalize/header-values';
import type { Headers } from './sip-message';

/** No PBX sends more values of one header; the rest is ignored. */
const MOST_VALUES = 32;
/** RFC 3261 20.33 has no bound; this is 2^32 - 1 seconds, as for Expires. */
const LONGEST_SECONDS = 2 ** 32 - 1;

/** All Warning values (RFC 3261 20.43): `305 carrier.example "text"`; agent and quotes may be missing. */
export function warningsOf(headers: Headers): readonly Warning[] {
  return valuesOf(headers, 'warning').flatMap((value) => {
    const [, code, rest = ''] = /^(\d{3})(?:[ \t]+(.*))?$/s.exec(value) ?? [];
    if (code === undefined) return [];
    const quote = rest.indexOf('"');
    const agent = quote < 0 ? '' : rest.slice(0, quote).trim();
    return [{ code: Number(code), agent, text: unquote(quote < 0 ? rest : rest.slice(quote)) }];
  });
}

/**
 * Retry-After (RFC 3261 20.33) in milliseconds: `120`, `120;duration=60`, `120 (in a meeting)`. Undefined
 * for any other value, including HTTP dates.
 */
export function retryAfterMsOf(headers: Headers): number | undefined {
  const value = headers.get('retry-after')?.[0];
  const seconds = /^(\d{1,10})(?=$|[ \t;(])/.exec(value ?? '')?.[1];
  return seconds === undefined ? undefined : Math.min(Number(seconds), LONGEST_SECONDS) * 1000;
}

/**
 * URI of the Call-Info that says where to complain about a blocked call, `<https://…>;purpose=jwscard` (RFC 8688
 * 3.5); untrusted.
 */
export function redressUriOf(headers: Headers): string | undefined {
  for (const value of valuesOf(headers, 'call-info')) {
    const purpose = parameterOf(value, 'purpose')?.toLowerCase();
    if (purpose !== 'jwscard' && purpose !== 'jcard') continue;
    const [, uri] = /^[^<]*<([^<>]{1,512})>/.exec(value) ?? [];
    if (uri !== undefined) return uri.trim();
  }
  return undefined;
}

/** Contacts of a 3xx, best first; untrusted. */
export function contactsOf(headers: Headers): readonly Contact[] {
  return readContacts(...(headers.get('contact') ?? []));
}

function valuesOf(headers: Headers, name: string): string[] {
  return (headers.get(name) ?? []).flatMap((line) => splitTop(line, ',')).slice(0, MOST_VALUES);
}
