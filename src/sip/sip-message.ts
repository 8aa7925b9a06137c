// Own parser: the JsSIP and sip.js grammars refuse a whole message because of one odd header, and such
// messages are the ones that explain a failure. Only what evidence needs is read.
import { isAscii } from 'node:buffer';
import type { HeaderLine } from '../model/failure';
import { parameterOf, splitTop } from '../normalize/header-values';

/** A SIP message, as far as evidence needs it. */
export interface SipMessage {
  /** First line as sent, without its line end. */
  readonly startLine: string;
  /** Requests only, as sent. */
  readonly method?: string;
  /** Responses only, 100–699. */
  readonly status?: number;
  /** Responses only; may be empty. */
  readonly phrase?: string;
  readonly callId: string;
  readonly cseq: number;
  /** Method of the CSeq: the method that a response answers. */
  readonly cseqMethod: string;
  /** `branch` of the topmost Via; empty without one. */
  readonly branch: string;
  /** Transport of the topmost Via, upper case: `UDP`. */
  readonly transport?: string;
  readonly toTag?: string;
  /** Unfolded values by lower-case full name, in order, one per header line; only headers in `READ`. */
  readonly headers: Headers;
  /**
   * Of a refused INVITE alone: the lines of its head that rules may ask for, in order. Further ones than 32 are left
   * out, and longer values than 256 characters are cut.
   */
  readonly lines: readonly HeaderLine[];
  /** Cut to Content-Length if that is shorter. */
  readonly body: Buffer;
}

export type Headers = ReadonlyMap<string, readonly string[]>;

/** RFC 3261 20 and the registry of header fields: full names of the compact forms. */
const COMPACT: Readonly<Record<string, string>> = {
  c: 'content-type',
  e: 'content-encoding',
  i: 'call-id',
  l: 'content-length',
  m: 'contact',
  t: 'to',
  v: 'via',
};

/** The headers that evidence needs. A PBX mirrors thousands of messages a second, each with twenty headers. */
const READ: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'call-id',
  'call-info',
  'contact',
  'content-encoding',
  'content-length',
  'content-type',
  'cseq',
  'reason',
  'retry-after',
  'to',
  'via',
  'warning',
]);

/** First characters of these headers and of their compact forms. */
const READ_BEGIN: ReadonlySet<number> = new Set(
  [...READ, ...Object.keys(COMPACT)].flatMap((name) => [
    name.charCodeAt(0),
    name.toUpperCase().charCodeAt(0),
  ]),
);

/**
 * Parses a SIP message with the tolerance of RFC 4475's torture tests: bare LF, folded lines, compact
 * forms, space around colons, any order and case. Undefined without a start line, Call-ID or CSeq.
 */
export function parseSip(payload: Buffer, head = headOf(payload)): SipMessage | undefined {
  const { startLine, headers, bodyAt } = readHead(head, isAscii(payload));
  const start = readStartLine(startLine);
  const callId = headers.get('call-id')?.[0];
  const [, number, cseqMethod] =
    /^(\d{1,10})[ \t]+([!-~]{1,32})$/.exec(headers.get('cseq')?.[0] ?? '') ?? [];
  if (!start || !callId || number === undefined || cseqMethod === undefined) return undefined;
  const via = topVia(headers.get('via')?.[0] ?? '');
  const to = headers.get('to')?.[0];
  const toTag = to === undefined ? undefined : parameterOf(to, 'tag');
  const isRefused = 'status' in start && start.status >= 300 && /^INVITE$/i.test(cseqMethod);
  // Not spread together from what may be absent: thousands of messages a second are read.
  const message: Mutable<SipMessage> = {
    startLine: decoded(startLine),
    callId,
    cseq: Number(number),
    cseqMethod: cseqMethod.toUpperCase(),
    branch: via.branch,
    headers,
    lines: isRefused ? linesOf(head.slice(0, bodyAt)) : NO_LINES,
    body: cut(payload.subarray(bodyAt), headers.get('content-length')?.[0]),
  };
  if ('status' in start) {
    message.status = start.status;
    message.phrase = start.phrase;
  } else message.method = start.method;
  if (via.transport !== undefined) message.transport = via.transport;
  if (toTag !== undefined) message.toTag = toTag;
  return message;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

const NO_LINES: readonly HeaderLine[] = [];
/** Of names as they were written, `''` for one that is not read. Switches write the same few dozens. */
const FULL_NAMES = new Map<string, string>();
/** Outsiders can write more. */
const MOST_NAMES = 256;

/** @returns lower case; empty for a header that is not read */
function fullName(written: string): string {
  const known = FULL_NAMES.get(written);
  if (known !== undefined) return known;
  const name = written.trim().toLowerCase();
  const full = COMPACT[name] ?? name;
  const read = READ.has(full) ? full : '';
  if (FULL_NAMES.size < MOST_NAMES && written.length <= LONGEST_NAME)
    FULL_NAMES.set(ownCopy(written), read);
  return read;
}

/** Of `content-encoding`, and some space before the colon. Characters. */
const LONGEST_NAME = 32;

/** A piece of a text keeps all of it in memory. */
function ownCopy(piece: string): string {
  return Buffer.from(piece, 'latin1').toString('latin1');
}

const EMPTY_LINE = Buffer.from('\r\n\r\n');

/**
 * A message up to the end of its headers, or more; one character per byte, so that offsets are valid in
 * both.
 */
export function headOf(payload: Buffer): string {
  let from = 0;
  while (payload[from] === 0x0d || payload[from] === 0x0a) from++;
  const end = payload.indexOf(EMPTY_LINE, from);
  return payload.toString('latin1', 0, end < 0 ? payload.length : end + EMPTY_LINE.length);
}

/**
 * The first line, and the headers up to an empty line. Also reads the parts of a multipart body.
 * @param plain whether it is known to have only ASCII, as nearly all messages do
 */
export function readHead(
  text: string,
  plain = false,
): { startLine: string; headers: Headers; bodyAt: number } {
  const headers = new Map<string, string[]>();
  let at = skipEmptyLines(text);
  let startLine: string | undefined;
  let name = '';
  let value = '';
  const finish = (): void => {
    if (name === '') return;
    const known = headers.get(name);
    const read = plain ? value.trim() : decoded(value.trim());
    if (known) known.push(read);
    else headers.set(name, [read]);
    name = '';
  };
  while (at < text.length) {
    const lineEnd = text.indexOf('\n', at);
    const next = lineEnd < 0 ? text.length : lineEnd + 1;
    const end = lineEnd < 0 ? next : lineEnd - (text[lineEnd - 1] === '\r' ? 1 : 0);
    const from = at;
    at = next;
    if (end <= from) break;
    if (startLine === undefined) {
      startLine = text.slice(from, end);
    } else if (text[from] === ' ' || text[from] === '\t') {
      // RFC 3261 7.3.1: a fold and the white space around it are one space.
      if (name !== '') value += ' ' + text.slice(from, end).trim();
    } else {
      finish();
      if (!READ_BEGIN.has(text.charCodeAt(from))) continue;
      const colon = text.indexOf(':', from);
      if (colon < 0 || colon >= end) continue;
      name = fullName(text.slice(from, colon));
      if (name === '') continue;
      value = text.slice(colon + 1, end);
    }
  }
  finish();
  return { startLine: startLine ?? '', headers, bodyAt: at };
}

/** Of the message's own transport, addresses and secrets: no rule asks for them. */
const NOT_ASKED: ReadonlySet<string> = new Set([
  ...['via', 'from', 'to', 'call-id', 'cseq', 'contact', 'record-route', 'route'],
  ...['www-authenticate', 'proxy-authenticate', 'authentication-info'],
  ...['content-type', 'content-length', 'content-encoding'],
]);
/** No switch sends more of them. */
const MOST_LINES = 32;
/** A longer value is cut. Characters. */
const LONGEST_VALUE = 256;

/** Whether rules may ask for a header; `name` in lower case. */
export function mayBeAsked(name: string): boolean {
  return /^[a-z0-9][a-z0-9._-]{1,63}$/.test(name) && !NOT_ASKED.has(name);
}

/** The lines of a head that rules may ask for. Compact forms have one letter, and are all of the protocol itself. */
function linesOf(head: string): readonly HeaderLine[] {
  const lines: HeaderLine[] = [];
  const unfolded = /\n[ \t]/.test(head) ? head.replace(/\r?\n[ \t]+/g, ' ') : head;
  // What is left of a line end is trimmed off.
  for (const line of unfolded.split('\n')) {
    if (lines.length >= MOST_LINES) break;
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(0, colon)).trim().toLowerCase();
    if (!mayBeAsked(name)) continue;
    lines.push({ name, value: decoded(line.slice(colon + 1).trim()).slice(0, LONGEST_VALUE) });
  }
  return lines;
}

/** RFC 3261 7.5: empty lines before a message are ignored. */
function skipEmptyLines(text: string): number {
  let at = 0;
  while (text[at] === '\r' || text[at] === '\n') at++;
  return at;
}

function readStartLine(
  line: string,
): { method: string } | { status: number; phrase: string } | undefined {
  const [, status, phrase = ''] = /^SIP\/2\.0[ \t]+([1-6]\d\d)(?:[ \t](.*))?$/is.exec(line) ?? [];
  if (status !== undefined) return { status: Number(status), phrase: decoded(phrase.trim()) };
  if (!/[ \t]SIP\/2\.0$/i.test(line.trimEnd())) return undefined;
  const method = /^[A-Za-z0-9.!%*_+`'~-]{1,32}(?=[ \t])/.exec(line)?.[0];
  return method === undefined ? undefined : { method };
}

function topVia(value: string): { branch: string; transport: string | undefined } {
  const first = value.includes(',') ? (splitTop(value, ',')[0] ?? '') : value;
  const branch = parameterOf(first, 'branch') ?? '';
  const transport = /^SIP[ \t]*\/[ \t]*2\.0[ \t]*\/[ \t]*([A-Za-z0-9-]{1,16})/i.exec(first)?.[1];
  return { branch, transport: transport?.toUpperCase() };
}

/** Decodes bytes as UTF-8; invalid bytes become U+FFFD. */
function decoded(latin1: string): string {
  if (/^[\x00-\x7f]*$/.test(latin1)) return latin1;
  return Buffer.from(latin1, 'latin1').toString('utf8');
}

/** A datagram may have more than the body (RFC 3261 18.3); a shorter body is taken as it is. */
function cut(body: Buffer, contentLength: string | undefined): Buffer {
  if (contentLength === undefined || !/^\d{1,9}$/.test(contentLength)) return body;
  return body.subarray(0, Number(contentLength));
}
