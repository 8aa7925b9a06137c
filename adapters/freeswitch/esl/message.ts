import { percentDecoded } from '../../shared/percent-decoding';
import type { ChannelData } from './channel-data';

/** One message of FreeSWITCH's event socket, its values decoded. */
export interface EslMessage {
  /** `command/reply`, `text/event-json`, `api/response`, `text/disconnect-notice`, … */
  readonly type: string;
  /** The event's headers where it is one, otherwise the message's own. */
  readonly headers: ChannelData;
  readonly body: string;
}

/** The peer does not speak this protocol; what follows on its connection cannot be understood. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
}

/**
 * The header lines of a message. Own code because modesl's `decodeURIComponent` throws at what a caller
 * or carrier may put into any value (`%zz`, Latin-1).
 * @throws ProtocolError for a Content-Length that is no number
 */
export function readHeaders(text: string): Record<string, string> {
  // Without a prototype: a header may be named as a member of one.
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
 * The headers of an event in JSON, arrays joined as FreeSWITCH joins them elsewhere.
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
  const headers = Object.create(null) as Record<string, string>;
  for (const [name, value] of Object.entries(read)) headers[name] = textOf(value);
  return headers;
}

/** `ARRAY::one|:two` is how channel variables hold several values. */
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
