// Own parser: JsSIP and sip.js refuse tel:, lists, bare and underscore addresses, unquoted names beyond tokens; `sip` is not kept.
import type { Contact } from '../model/failure';
import { splitParameters, splitTop } from './header-values';

/** No PBX sends more values; the rest is ignored. */
const MOST_VALUES = 32;
/** Only this much of a header line is read. Characters. */
const LONGEST = 4096;
/** RFC 3261 and RFC 3966 set no bound. Characters. */
const LONGEST_USER = 128;

/**
 * Reads all Contact header lines of a 3xx (RFC 3261 20.10): the best first by `q`, equals as sent. A URI is
 * `sip:`, `sips:` or `tel:`; a `tel:` has no host. A display name is never read as an address. Values that
 * cannot be read are dropped. Never throws; linear in the text's length.
 */
export function readContacts(...lines: readonly string[]): readonly Contact[] {
  return lines
    .flatMap((line) => splitTop(line.slice(0, LONGEST), ','))
    .slice(0, MOST_VALUES)
    .flatMap((value) => readValue(value) ?? [])
    .sort((one, other) => other.q - one.q)
    .map(({ contact }) => contact);
}

/**
 * The number in the user part of a URI: without the parameters of RFC 3966 and RFC 4694 (`npdi`, `rn`,
 * `phone-context`), and without visual separators where it is a number. Any other user as it is.
 */
export function numberOfUser(user: string): string {
  const [subscriber = ''] = user.split(';', 1);
  const plain = subscriber.replace(/[-.()]/g, '');
  return /^\+?[0-9A-D*#]*[0-9][0-9A-D*#]*$/.test(plain) ? plain : subscriber;
}

function readValue(value: string): { readonly contact: Contact; readonly q: number } | undefined {
  const { uri, parameters } = addressIn(value);
  const [, scheme, rest = ''] = /^(sips?|tel):(.*)$/is.exec(uri) ?? [];
  if (scheme === undefined) return undefined;
  const contact = scheme.toLowerCase() === 'tel' ? telephone(rest) : address(rest);
  return contact && { contact, q: preference(parameters) };
}

/** `"name" <uri>;parameters`, or `uri;parameters`, whose URI has no parameters of its own (RFC 3261 20). */
function addressIn(value: string): { readonly uri: string; readonly parameters: string } {
  const open = bracketIn(value);
  if (open >= 0) {
    const close = value.indexOf('>', open);
    if (close < 0) return { uri: '', parameters: '' };
    return { uri: value.slice(open + 1, close).trim(), parameters: value.slice(close + 1) };
  }
  // A user may have semicolons all the same.
  const end = value.indexOf(';', value.lastIndexOf('@') + 1);
  if (end < 0) return { uri: value, parameters: '' };
  return { uri: value.slice(0, end).trim(), parameters: value.slice(end) };
}

/** Place of the `<` that is not in quotes; -1 without one. */
function bracketIn(value: string): number {
  let quoted = false;
  for (let at = 0; at < value.length; at++) {
    const character = value[at];
    if (quoted && character === '\\') at++;
    else if (character === '"') quoted = !quoted;
    else if (!quoted && character === '<') return at;
  }
  return -1;
}

/** `user:password@host:port;parameters?headers`; undefined without a user or with a second `@`. */
function address(rest: string): Contact | undefined {
  const [userinfo = '', place, ...more] = rest.split('@');
  if (place === undefined || more.length > 0) return undefined;
  const host = /^(\[[0-9a-f:.]+\]|[\w.-]{1,253})(?::\d{1,5})?\s*(?:[;?]|$)/i.exec(place)?.[1];
  const [user = ''] = userinfo.split(':', 1);
  return host === undefined ? undefined : named(user, host);
}

/** `+1-202-555-0125;phone-context=…`, RFC 3966. */
function telephone(rest: string): Contact | undefined {
  return /[@?]/.test(rest) ? undefined : named(rest, '');
}

/** Parameters end before escapes are undone: an escaped `;` is no separator. */
function named(user: string, host: string): Contact | undefined {
  const [subscriber = ''] = user.split(';', 1);
  if (subscriber === '' || subscriber.length > LONGEST_USER) return undefined;
  if (/[\s<>"]/.test(subscriber)) return undefined;
  const plain = unescaped(subscriber);
  // An escaped `;` would begin parameters, so such a user is no number: it stays as it was written.
  return { user: plain.includes(';') ? subscriber : numberOfUser(plain), host };
}

/** Escapes of printable ASCII undone; anything else stays as it is, and so can never be dialled. */
function unescaped(text: string): string {
  return text.replace(/%(2[0-9a-f]|[3-6][0-9a-f]|7[0-9a-e])/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

/** RFC 3261 20.10: 0 to 1. A Contact without `q`, or with one that is none, counts as 1. */
function preference(parameters: string): number {
  const q = splitParameters(parameters.trim()).parameters.get('q') ?? '';
  return /^(?:[01](?:\.\d*)?|\.\d+)$/.test(q) ? Math.min(1, Number(q)) : 1;
}
