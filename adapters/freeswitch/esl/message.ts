import { percentDecoded } from '../../shared/percent-decoding';
import type { ChannelData } from './channel-data';
import { headerAt, type HeaderName } from './header-names';

/** One message of FreeSWITCH's event socket, its values decoded. */
export interface EslMessage {
  /** `command/reply`, `text/event-json`, `api/response`, `text/disconnect-notice`, … */
  readonly type: string;
  /** Those of the event, if it is one, otherwise of the message. */
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
export function readHeaders(head: Buffer): ChannelData {
  const headers: { [name in HeaderName]?: string } = {};
  // One character a byte: positions in the text are positions in the bytes.
  const text = head.toString('latin1');
  let colon = -1;
  for (let start = 0, end = 0; start < text.length; start = end + 1) {
    end = text.indexOf('\n', start);
    if (end < 0) end = text.length;
    // The colon of a later line was found before: no byte is looked at twice.
    if (colon < start) colon = text.indexOf(':', start);
    if (colon < 0) break;
    if (colon > end) continue;
    const name = headerAt(text, start, colon);
    if (name) headers[name] = percentDecoded(head.toString('utf8', colon + 1, end).trimStart());
  }
  const length = headers['Content-Length'];
  if (length !== undefined && !/^\d{1,9}$/.test(length)) {
    throw new ProtocolError('a Content-Length that is no number');
  }
  return headers;
}

/** The values of a variable that may hold several. */
export function valuesOf(text: string | undefined): readonly string[] {
  if (!text) return [];
  return text.startsWith('ARRAY::') ? text.slice('ARRAY::'.length).split('|:') : [text];
}
