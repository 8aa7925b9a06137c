import type { Reason } from '../model/failure';

/*
 * Of our own because no SIP library at hand reads this header by itself; a linear scan, so that a
 * untrusted value costs no more than its length.
 */

/** More than any gateway adds; the rest of a longer list is not looked at. */
const MOST_VALUES = 8;
const LONGEST = 4096;

/**
 * Reads a Reason header (RFC 3326, several values RFC 9366, `location` RFC 8606), such as
 * `Q.850;cause=34;text="No circuit";location=LN, SIP;cause=503`. Never throws; a value without a
 * protocol is left out, a cause that is no number is absent.
 */
export function readReasons(header: string): readonly Reason[] {
  return split(header.slice(0, LONGEST), ',')
    .map(readValue)
    .filter((reason) => reason !== undefined)
    .slice(0, MOST_VALUES);
}

function readValue(text: string): Reason | undefined {
  const [protocol = '', ...parameters] = split(text, ';');
  if (protocol === '') return undefined;
  const found = new Map<string, string>();
  for (const parameter of parameters) {
    const at = parameter.indexOf('=');
    const name = (at < 0 ? parameter : parameter.slice(0, at)).trim().toLowerCase();
    // The first counts, as in every other SIP header.
    if (at >= 0 && !found.has(name)) found.set(name, unquote(parameter.slice(at + 1).trim()));
  }
  const cause = found.get('cause');
  const text_ = found.get('text');
  const location = found.get('location');
  return {
    protocol: /^q\.?850$/i.test(protocol) ? 'Q.850' : protocol.toUpperCase(),
    ...(cause !== undefined && /^\d{1,3}$/.test(cause) && { cause: Number(cause) }),
    ...(text_ !== undefined && { text: text_ }),
    ...(location !== undefined && { location: location.toUpperCase() }),
  };
}

/** Splits at a separator outside quotes; parts are trimmed. */
function split(text: string, separator: string): string[] {
  const parts: string[] = [];
  let from = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (quoted && character === '\\') at += 1;
    else if (character === '"') quoted = !quoted;
    else if (!quoted && character === separator) {
      parts.push(text.slice(from, at).trim());
      from = at + 1;
    }
  }
  parts.push(text.slice(from).trim());
  return parts;
}

function unquote(text: string): string {
  return text.startsWith('"') ? text.replace(/^"|"$/g, '').replace(/\\(.)/gs, '$1') : text;
}
