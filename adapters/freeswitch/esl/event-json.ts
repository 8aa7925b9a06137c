// Own reading: JSON.parse makes a text of each of the two hundred headers of an event, of which some thirty are read, and
// a table of them. With the look at each that follows, that takes three times as long, and leaves more garbage than the event.
import type { ChannelData } from './channel-data';
import { headerAt, headerNamed, type HeaderName } from './header-names';
import { ProtocolError } from './message';

type Headers = { [name in HeaderName]?: string };

/**
 * Reads the headers of an event in JSON that `header-names.ts` names; arrays are joined as FreeSWITCH joins them elsewhere.
 * Within the values of others a fault may stay unnoticed.
 * @throws ProtocolError for anything but an object
 */
export function readEvent(body: Buffer): ChannelData {
  return readCompact(body) ?? readAny(body);
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPENING_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSING_BRACKET = 0x5d;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;

/** An object as FreeSWITCH writes it: without white space, and of texts and arrays of texts. @returns undefined for any other */
function readCompact(body: Buffer): ChannelData | undefined {
  // One character a byte: positions in the text are positions in the bytes.
  const text = body.toString('latin1');
  if (text.charCodeAt(0) !== OPENING_BRACE) return undefined;
  const headers: Headers = {};
  for (let start = 1; ;) {
    if (text.charCodeAt(start) !== QUOTE) return undefined;
    const nameEnd = text.indexOf('"', start + 1);
    const isPlain = text.charCodeAt(nameEnd - 1) !== BACKSLASH;
    if (!isPlain || text.charCodeAt(nameEnd + 1) !== COLON) return undefined;
    const valueEnd = endOfValue(text, nameEnd + 2);
    if (valueEnd === undefined) return undefined;
    if (text.startsWith('variable_', start + 1) && isCallersOwn(headers)) return headers;
    const name = headerAt(text, start + 1, nameEnd);
    if (name) headers[name] = valueOf(body.toString('utf8', nameEnd + 2, valueEnd));
    start = valueEnd + 1;
    const next = text.charCodeAt(valueEnd);
    if (next === CLOSING_BRACE) return start === text.length ? headers : undefined;
    if (next !== COMMA) return undefined;
  }
}

/** Leg A's answer or end, with all that is read of it: its variables are in no need of reading. */
function isCallersOwn(headers: Headers): boolean {
  return (
    headers['Call-Direction'] === 'inbound' &&
    (headers['Event-Name'] === 'CHANNEL_ANSWER' ||
      headers['Event-Name'] === 'CHANNEL_HANGUP_COMPLETE') &&
    headers['Unique-ID'] !== undefined &&
    headers['Caller-Channel-Answered-Time'] !== undefined
  );
}

/** Behind the value that begins there; undefined if it is neither a text nor an array of texts. */
function endOfValue(text: string, start: number): number | undefined {
  if (text.charCodeAt(start) !== OPENING_BRACKET) return endOfText(text, start);
  let end: number | undefined = start;
  do {
    end = endOfText(text, end + 1);
    if (end === undefined) return undefined;
  } while (text.charCodeAt(end) === COMMA);
  return text.charCodeAt(end) === CLOSING_BRACKET ? end + 1 : undefined;
}

function endOfText(text: string, start: number): number | undefined {
  if (text.charCodeAt(start) !== QUOTE) return undefined;
  let end = text.indexOf('"', start + 1);
  while (end >= 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end < 0 ? undefined : end + 1;
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0;
  while (text.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes += 1;
  return backslashes % 2 === 1;
}

/** An array, or a text that has to be unescaped or refused. */
const NOT_PLAIN = /^\[|[\\\p{Cc}]/u;

function valueOf(json: string): string {
  return NOT_PLAIN.test(json) ? textOf(parsed(json)) : json.slice(1, -1);
}

function readAny(body: Buffer): ChannelData {
  const read = parsed(body.toString());
  if (typeof read !== 'object' || read === null || Array.isArray(read)) {
    throw new ProtocolError('an event that is no JSON object');
  }
  const headers: Headers = {};
  for (const [sent, value] of Object.entries(read)) {
    const name = headerNamed(sent);
    if (name) headers[name] = textOf(value);
  }
  return headers;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ProtocolError('an event that is no JSON');
  }
}

/** Channel variables hold several values as `ARRAY::one|:two`. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return `ARRAY::${value.map(textOf).join('|:')}`;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}
