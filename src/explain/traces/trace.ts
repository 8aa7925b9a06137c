/** One SIP message of a text or a capture. */
export interface TracedMessage {
  /** The message with CRLF line ends, one character per byte of its payload. */
  readonly payload: Buffer;
  /** Where it begins: a line, from 1; in a capture the number of the message. */
  readonly line: number;
  /** Unix time in milliseconds; absent if the text has none. A zone that is not said is UTC. */
  readonly at?: number;
  /** Where it went, `198.51.100.7:5060`; absent if the text does not say. */
  readonly destination?: string;
}

/** Something is wrong with the input, and the story is told all the same. */
export type RemarkKind =
  /** Content-Length is larger than the body: `said`, `found` bytes. */
  | 'body-short'
  /** Content-Length ends inside the session description: `said`, `found` bytes. */
  | 'body-long'
  /** A message without Call-ID; it counts to the message before it. */
  | 'no-call-id'
  /** A message without CSeq; it counts as the INVITE or an answer to it. */
  | 'no-cseq'
  /** The head has no end: the message is cut off. */
  | 'head-cut'
  /** Bytes that are no UTF-8, shown as U+FFFD. */
  | 'not-utf8'
  /** A message that cannot be read. */
  | 'unreadable'
  /** The export has no session description in it: `-O sip,sdp`. */
  | 'no-sdp-in-export'
  /** An INVITE without any response, in a text that does not tell silence from what was left out. */
  | 'no-response'
  /** tshark ended with an error: `said`. */
  | 'tshark-ended';

export interface Remark {
  readonly line: number;
  readonly kind: RemarkKind;
  /** What the text of the remark needs; untrusted. */
  readonly values: Readonly<Record<string, string | number>>;
}

/** What was read of a text or a capture. */
export interface Trace {
  readonly messages: readonly TracedMessage[];
  readonly remarks: readonly Remark[];
  /** What `line` counts. */
  readonly unit: 'line' | 'message';
}

/** More of them help nobody. */
const MOST_REMARKS = 20;

/** Collects remarks, as many as anybody reads. */
export class Remarks {
  readonly all: Remark[] = [];

  add(line: number, kind: RemarkKind, values: Remark['values'] = {}): void {
    if (this.all.length < MOST_REMARKS) this.all.push({ line, kind, values });
  }
}
