// Own framing: for each chunk modesl copies everything it has, so a peer that drips bytes costs their
// square.
import { ProtocolError } from './message';

export interface FramerLimits {
  /** Longest message accepted, headers and body. Bytes. */
  readonly message: number;
  /** Limit for the unfinished messages of several connections together. */
  readonly budget?: ByteBudget;
}

const SMALLEST_BUFFER = 4 * 1024;
export const HEAD_END = '\n\n';
const LENGTH = '\nContent-Length:';
const NOTHING = Buffer.alloc(0);

/** Bytes that several framers may hold together. */
export class ByteBudget {
  private held = 0;

  constructor(private readonly most: number) {}

  /** @returns false if fewer bytes are left */
  take(bytes: number): boolean {
    if (this.held + bytes > this.most) return false;
    this.held += bytes;
    return true;
  }

  give(bytes: number): void {
    this.held -= bytes;
  }
}

/**
 * Cuts the bytes of one event socket connection into whole messages, in time linear in the bytes. Only what is not
 * complete is copied.
 */
export class Framer {
  /** The bytes of the incomplete message, if it came in several chunks. */
  private buffer = NOTHING;
  private used = 0;
  /** No head ends before this position of the incomplete message. */
  private scanned = 0;
  /** Length of the incomplete message, once its head is there. */
  private length: number | undefined;
  private over = false;

  constructor(private readonly limits: FramerLimits) {}

  /** Bytes of the incomplete message. */
  get pending(): number {
    return this.used;
  }

  /**
   * Takes a chunk and passes on each message that it completes, which holds only until `message` returns.
   * @throws ProtocolError for a message that is too long, or whose Content-Length is no number
   */
  feed(chunk: Buffer, message: (whole: Buffer) => void): void {
    if (this.used > 0) {
      this.append(chunk);
      this.drop(this.cut(this.buffer.subarray(0, this.used), message));
    } else {
      const end = this.cut(chunk, message);
      if (end < chunk.length && !this.over) this.append(chunk.subarray(end));
    }
  }

  /** Returns its bytes to the budget; no message comes any more. */
  close(): void {
    this.over = true;
    this.release();
  }

  /** @returns where the incomplete message begins */
  private cut(bytes: Buffer, message: (whole: Buffer) => void): number {
    let start = 0;
    while (!this.over) {
      this.length ??= this.lengthAt(bytes, start);
      if (this.length === undefined || bytes.length - start < this.length) break;
      const end = start + this.length;
      this.scanned = 0;
      this.length = undefined;
      message(bytes.subarray(start, end));
      start = end;
    }
    return start;
  }

  private lengthAt(bytes: Buffer, start: number): number | undefined {
    const at = bytes.indexOf(HEAD_END, start + Math.max(0, this.scanned - 1));
    if (at < 0) {
      this.scanned = bytes.length - start;
      this.check(this.scanned);
      return undefined;
    }
    if (at === start) throw new ProtocolError('a message without headers');
    const head = at + HEAD_END.length - start;
    const length = head + contentLength(bytes.toString('latin1', start, at));
    this.check(length);
    return length;
  }

  private check(length: number): void {
    const { message } = this.limits;
    if (length > message) throw new ProtocolError(`a message longer than ${message} bytes`);
  }

  /** Doubles a full buffer, so that each byte is copied a bounded number of times. */
  private append(chunk: Buffer): void {
    const needed = this.used + chunk.length;
    if (needed > this.buffer.length) {
      const size = Math.max(SMALLEST_BUFFER, needed, 2 * this.buffer.length);
      if (this.limits.budget?.take(size - this.buffer.length) === false) {
        throw new ProtocolError('too many unfinished messages at once');
      }
      const larger = Buffer.allocUnsafe(size);
      this.buffer.copy(larger, 0, 0, this.used);
      this.buffer = larger;
    }
    chunk.copy(this.buffer, this.used);
    this.used = needed;
  }

  private drop(start: number): void {
    if (start === this.used) {
      this.release();
    } else if (!this.over) {
      this.buffer.copyWithin(0, start, this.used);
      this.used -= start;
    }
  }

  private release(): void {
    this.limits.budget?.give(this.buffer.length);
    this.buffer = NOTHING;
    this.used = 0;
  }
}

/** Content-Length as `readHeaders` reads it, before the other headers. A second one is refused. */
function contentLength(head: string): number {
  const text = `\n${head}`;
  const at = text.indexOf(LENGTH);
  if (at < 0) return 0;
  if (text.indexOf(LENGTH, at + 1) >= 0) throw new ProtocolError('two Content-Lengths');
  const value =
    text
      .slice(at + LENGTH.length)
      .split('\n', 1)[0]
      ?.trimStart() ?? '';
  if (!/^\d{1,9}$/.test(value)) throw new ProtocolError('a Content-Length that is no number');
  return Number(value);
}
