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

/** Cuts the bytes of one event socket connection into whole messages, in time linear in the bytes. */
export class Framer {
  private buffer = Buffer.alloc(0);
  private used = 0;
  /** No head ends before this position. */
  private scanned = 0;
  /** Length of the present message, once its head is there. */
  private length: number | undefined;

  constructor(private readonly limits: FramerLimits) {}

  /** Bytes of the incomplete message. */
  get pending(): number {
    return this.used;
  }

  /**
   * Takes a chunk and passes on each message that it completes.
   * @throws ProtocolError for a message that is too long, or whose Content-Length is no number
   */
  feed(chunk: Buffer, message: (whole: Buffer) => void): void {
    this.append(chunk);
    let start = 0;
    for (;;) {
      this.length ??= this.lengthAt(start);
      if (this.length === undefined || this.used - start < this.length) break;
      const end = start + this.length;
      const whole = Buffer.from(this.buffer.subarray(start, end));
      start = end;
      this.scanned = end;
      this.length = undefined;
      message(whole);
    }
    this.drop(start);
  }

  /** Returns its bytes to the budget. */
  close(): void {
    this.limits.budget?.give(this.buffer.length);
    this.buffer = Buffer.alloc(0);
    this.used = 0;
    this.scanned = 0;
    this.length = undefined;
  }

  private lengthAt(start: number): number | undefined {
    const at = this.buffer
      .subarray(0, this.used)
      .indexOf(HEAD_END, Math.max(start, this.scanned - 1));
    if (at < 0) {
      this.scanned = this.used;
      this.check(this.used - start);
      return undefined;
    }
    if (at === start) throw new ProtocolError('a message without headers');
    const head = at + HEAD_END.length - start;
    const length = head + contentLength(this.buffer.toString('latin1', start, at));
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
    if (start === 0) return;
    if (start === this.used) {
      this.close();
      return;
    }
    this.buffer.copyWithin(0, start, this.used);
    this.used -= start;
    this.scanned -= start;
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
