import { isUtf8 } from 'node:buffer';
import { isFollowedStream, readFollowedStream } from './followed-stream';
import { readRawText } from './raw-text';
import { Remarks, type Trace } from './trace';
import { isTsharkTree, readTsharkTree } from './tshark-tree';

/** Why a text has no messages. */
export type NoTrace =
  /** Nothing but white space. */
  | 'empty'
  /** UTF-16, as some editors write. */
  | 'utf16'
  /** Neither text nor a capture. */
  | 'binary'
  /** No line is the first one of a SIP message. */
  | 'no-sip';

/** Reads pasted SIP, an export of sngrep, what tshark prints, or the SIP log of a PBX. Never throws. */
export function readTrace(bytes: Buffer): Trace | NoTrace {
  const text = bytes.toString('latin1').replace(/^\xef\xbb\xbf/, '');
  if (/^(?:\xff\xfe|\xfe\xff)/.test(text)) return 'utf16';
  if (text.includes('\0')) return 'binary';
  if (text.trim() === '') return 'empty';
  const remarks = new Remarks();
  const messages = isTsharkTree(text)
    ? readTsharkTree(text, remarks)
    : isFollowedStream(text)
      ? readFollowedStream(text, remarks)
      : readRawText(text, remarks);
  if (messages.length === 0) return 'no-sip';
  for (const { payload, line } of messages) {
    const [index] = badLines(payload);
    if (index !== undefined) remarks.add(line + index, 'not-utf8');
  }
  return { messages, remarks: remarks.all, unit: 'line' };
}

/** Indexes of the lines of a message whose bytes are no UTF-8. */
function badLines(payload: Buffer): readonly number[] {
  if (isUtf8(payload)) return [];
  const lines = payload.toString('latin1').split('\r\n');
  return lines.flatMap((line, index) => (isUtf8(Buffer.from(line, 'latin1')) ? [] : [index]));
}
