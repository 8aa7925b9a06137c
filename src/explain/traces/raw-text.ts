// Own reader: no package splits pasted SIP into messages.
import { quotingOfStart, unquoted } from './start-line';
import { stampIn, type Stamp } from './stamps';
import type { Remarks, TracedMessage } from './trace';

/** A message's lines as they stand in the text. */
interface Block {
  /** From 1. */
  readonly line: number;
  readonly quoting: string;
  readonly lines: string[];
  readonly stamp: Stamp;
}

/**
 * Reads SIP messages that stand one after the other, quoted or indented, with CRLF or LF, with anything between
 * them: pasted ones, an export of sngrep, the SIP log of a PBX. What is wrong with one is remarked.
 * @param text one character per byte
 * @param from number of its first line
 */
export function readRawText(text: string, remarks: Remarks, from = 1): readonly TracedMessage[] {
  const messages: TracedMessage[] = [];
  for (const block of blocksIn(text, from))
    messages.push(messageOf(block, messages.at(-1), remarks));
  return messages;
}

function blocksIn(text: string, from: number): readonly Block[] {
  const blocks: Block[] = [];
  let stamp: Stamp = {};
  const lines = text.split('\n').map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
  for (const [index, line] of lines.entries()) {
    const quoting = quotingOfStart(line);
    if (quoting !== undefined && !isFragment(lines[index + 1], blocks.at(-1))) {
      blocks.push({ line: from + index, quoting, lines: [line.slice(quoting.length)], stamp });
      stamp = {};
      continue;
    }
    const found = stampIn(line);
    if (found) stamp = found;
    else blocks.at(-1)?.lines.push(unquoted(line, blocks.at(-1)?.quoting ?? ''));
  }
  return blocks;
}

/** Whether a status line is the body of a NOTIFY, which tells of a transfer so (RFC 3420). */
function isFragment(next: string | undefined, block: Block | undefined): boolean {
  if (next !== undefined && next.trim() !== '') return false;
  return block?.lines.some((line) => /^(?:content-type|c)[ \t]*:.*sipfrag/i.test(line)) ?? false;
}

const LENGTH = /^(?:content-length|l)[ \t]*:/i;

function messageOf(
  { line, lines, stamp }: Block,
  before: TracedMessage | undefined,
  remarks: Remarks,
): TracedMessage {
  // Some listings leave the empty line out.
  const end = lines.findIndex((one) => one.trim() === '' || /^v=0\s*$/.test(one));
  const head = lines.slice(0, end < 0 ? lines.length : end);
  const rest = end < 0 ? [] : lines.slice(lines[end]?.trim() === '' ? end + 1 : end);
  if (end < 0 && lengthIn(head) === undefined) remarks.add(line + head.length - 1, 'head-cut');
  const completed = withIdentity(head, before, line, remarks).filter((one) => !LENGTH.test(one));
  // It is counted here: with LF, as in this text, or with CRLF.
  const body = bodyOf(lengthIn(head), rest, line + head.length, remarks);
  const payload = Buffer.from(`${completed.join('\r\n')}\r\n\r\n${body}`, 'latin1');
  return { payload, line, ...stamp };
}

/** A message whose Call-ID or CSeq somebody has taken out, as readers of mailing lists do, with likely ones. */
function withIdentity(
  head: readonly string[],
  before: TracedMessage | undefined,
  line: number,
  remarks: Remarks,
): readonly string[] {
  const [start = '', ...headers] = head;
  const added: string[] = [];
  if (valueOf(headers, /^(?:call-id|i)$/i) === undefined) {
    remarks.add(line, 'no-call-id');
    added.push(`Call-ID: ${(before && callIdOf(before)) ?? 'not-said'}`);
  }
  if (valueOf(headers, /^cseq$/i) === undefined) {
    remarks.add(line, 'no-cseq');
    const method = /^SIP\//i.test(start) ? 'INVITE' : (/^\S+/.exec(start)?.[0] ?? '');
    added.push(`CSeq: 1 ${method.toUpperCase()}`);
  }
  return [start, ...added, ...headers];
}

/** Content-Length; undefined without one that is a number. */
function lengthIn(head: readonly string[]): number | undefined {
  const said = valueOf(head.slice(1), /^(?:content-length|l)$/i) ?? '';
  return /^\d{1,9}$/.test(said) ? Number(said) : undefined;
}

function callIdOf(message: TracedMessage): string | undefined {
  const [head = ''] = message.payload.toString('latin1').split('\r\n\r\n', 1);
  return valueOf(head.split('\r\n'), /^(?:call-id|i)$/i);
}

function valueOf(headers: readonly string[], name: RegExp): string | undefined {
  for (const header of headers) {
    const colon = header.indexOf(':');
    if (colon > 0 && name.test(header.slice(0, colon).trim()))
      return header.slice(colon + 1).trim();
  }
  return undefined;
}

/** The body by Content-Length, whichever line ends it was counted with; what is left over is no part of it. */
function bodyOf(
  said: number | undefined,
  lines: readonly string[],
  line: number,
  remarks: Remarks,
): string {
  const last = lines.findLastIndex((one) => one.trim() !== '');
  const whole = lines.slice(0, last + 1);
  const text = whole.length === 0 ? '' : `${whole.join('\r\n')}\r\n`;
  if (said === undefined) return text;
  const inLines = whole.join('\n').length;
  if ([text.length, text.length - 2, inLines + 1, inLines].includes(said)) return text;
  const blank = lines.length - whole.length;
  if (said > text.length) {
    // Empty lines at the end may be the body's.
    if (said > text.length + 2 * blank)
      remarks.add(line, 'body-short', { said, found: text.length });
    return text;
  }
  // A listing goes on after the body; a session description that does so is cut off by its length.
  if (/^(?:[a-z]=|--[^-\s])/m.test(text.slice(said)))
    remarks.add(line, 'body-long', { said, found: text.length });
  return text.slice(0, said);
}
