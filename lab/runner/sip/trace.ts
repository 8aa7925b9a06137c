/** One message of a SIPp `-trace_msg` file. */
export interface SipMessage {
  /** Unix time in milliseconds, exact to the microsecond. */
  readonly at: number;
  readonly direction: 'sent' | 'received';
  /** Request method or undefined. */
  readonly request?: string;
  /** User part of the request URI, as on the wire; requests only. */
  readonly user?: string;
  /** Response status or undefined. */
  readonly status?: number;
  readonly callId: string;
  /** `branch` of the topmost Via. */
  readonly branch: string;
  readonly toTag?: string;
  /** Method of the CSeq: the method that a response answers. */
  readonly method: string;
  readonly text: string;
}

const HEADING =
  /^-{20,} (\d{4}-\d\d-\d\d)[T\t ](\d\d:\d\d:\d\d)\.(\d{6})Z?.*\n\w+ message (sent|received) .*:\n\n/gm;

/**
 * Parses a SIPp message trace (3.7 and later). Skips a message that SIPp is still writing, and text that is
 * no SIP message.
 */
export function parseTrace(trace: string): SipMessage[] {
  const headings = [...trace.matchAll(HEADING)];
  return headings.flatMap((heading, index) => {
    const [whole, date, time, micros, direction] = heading;
    const end = headings[index + 1]?.index ?? trace.length;
    const text = trace
      .slice(heading.index + whole.length, end)
      .replaceAll('\r', '')
      .trimEnd();
    const at = Date.parse(`${date}T${time}Z`) + Number(micros) / 1000;
    const message = parseMessage(text);
    return message
      ? [{ at, direction: direction === 'sent' ? 'sent' : 'received', ...message }]
      : [];
  });
}

function parseMessage(text: string): Omit<SipMessage, 'at' | 'direction'> | undefined {
  const firstLine = text.slice(0, text.indexOf('\n'));
  const status = /^SIP\/2\.0 ([1-6]\d\d)\b/.exec(firstLine)?.[1];
  const [, request, uri = ''] = /^([A-Z]+) (\S+) SIP\/2\.0$/.exec(firstLine) ?? [];
  const user = /^sips?:([^@]+)@/.exec(uri)?.[1];
  const callId = headerOf(text, 'Call-ID|i');
  const method = /^\d+ +([A-Z]+)/.exec(headerOf(text, 'CSeq') ?? '')?.[1];
  if ((status === undefined && request === undefined) || !callId || !method) return undefined;
  const branch = /;branch=([^;,\s]+)/.exec(headerOf(text, 'Via|v') ?? '')?.[1] ?? '';
  const toTag = /;tag=([^;,\s]+)/.exec(headerOf(text, 'To|t') ?? '')?.[1];
  return {
    callId,
    method,
    branch,
    text,
    ...(request !== undefined && { request }),
    ...(user !== undefined && { user }),
    ...(status !== undefined && { status: Number(status) }),
    ...(toTag !== undefined && { toTag }),
  };
}

/** The first header with one of these names (alternatives of a regular expression). */
function headerOf(text: string, names: string): string | undefined {
  const head = text.split('\n\n', 1)[0] ?? '';
  return new RegExp(`^(?:${names})[ \\t]*:[ \\t]*(.*)$`, 'im').exec(head)?.[1];
}
