import { percentDecoded } from '../../shared/percent-decoding';
import type { ChannelData } from './channel-data';

/** One message of FreeSWITCH's event socket, its values decoded. */
export interface EslMessage {
  /** `command/reply`, `text/event-json`, `api/response`, `text/disconnect-notice`, … */
  readonly type: string;
  /** The headers of the event, if it is one, otherwise of the message. */
  readonly headers: ChannelData;
  readonly body: string;
}

/** The peer does not speak this protocol, so nothing further on its connection can be understood. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
}

/**
 * Reads the header lines of a message. modesl's own `decodeURIComponent` throws on what a caller or carrier
 * may put into any value (`%zz`, Latin-1).
 * @throws ProtocolError for a Content-Length that is no number
 */
export function readHeaders(text: string): Record<string, string> {
  // Without a prototype: a header may be named like one of its members.
  const headers = Object.create(null) as Record<string, string>;
  for (const line of text.split('\n')) {
    const at = line.indexOf(':');
    if (at > 0) headers[line.slice(0, at)] = percentDecoded(line.slice(at + 1).trimStart());
  }
  const length = headers['Content-Length'];
  if (length !== undefined && !/^\d{1,9}$/.test(length)) {
    throw new ProtocolError('a Content-Length that is no number');
  }
  return headers;
}

/**
 * Reads the headers of an event in JSON; arrays are joined as FreeSWITCH joins them elsewhere.
 * @throws ProtocolError for anything but an object
 */
export function readEvent(body: string): ChannelData {
  let read: unknown;
  try {
    read = JSON.parse(body);
  } catch {
    throw new ProtocolError('an event that is no JSON');
  }
  if (typeof read !== 'object' || read === null || Array.isArray(read)) {
    throw new ProtocolError('an event that is no JSON object');
  }
  // In place: an event has two hundred headers, and nearly all of them are texts already.
  const headers = read as Record<string, unknown>;
  // As above; before any name is looked at.
  Object.setPrototypeOf(headers, null);
  for (const name in headers) {
    const value = headers[name];
    if (typeof value !== 'string') headers[name] = textOf(value);
  }
  return headers as ChannelData;
}

/** Channel variables hold several values as `ARRAY::one|:two`. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return `ARRAY::${value.map(textOf).join('|:')}`;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/** The values of a variable that may hold several. */
export function valuesOf(text: string | undefined): readonly string[] {
  if (!text) return [];
  return text.startsWith('ARRAY::') ? text.slice('ARRAY::'.length).split('|:') : [text];
}
