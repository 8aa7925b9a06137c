// Own reader: node:dgram wakes the process for each datagram, and can neither pause nor read what is there.
import { readSync } from 'node:fs';
import type { SocketHandle } from './socket-handle';

/** Woken one by one, with cold caches, datagrams cost several times as much as together. Milliseconds. */
export const TOGETHER_MS = 20;
/** Read at once; the event loop has its turn before the next ones. */
const MOST_AT_ONCE = 64;
/** Whoever asks waits for what is there, but not for a sender who never ends. */
const MOST_FOR_ONE_WHO_ASKS = 512;
/** Whoever asks so soon after another sees what that one saw. Milliseconds. */
const SOON_MS = 1;
/** The system's buffer should fill by this much at most, between two reads: a message takes 2 to 4 KiB of it. Bytes. */
const SHARE_OF_BUFFER = 1 / 4;
const IN_THE_BUFFER = 4_096;
/** What may come after a quiet time without a loss: 8,000 messages a second. */
const BURST_IN_A_MS = 8 * IN_THE_BUFFER;
const LARGEST_DATAGRAM = 65_536;

export interface TogetherParts {
  readonly handle: SocketHandle;
  /** What the system grants for datagrams that were not read yet. Bytes. */
  readonly bufferBytes: number;
  /** Given what has come, at least one. */
  readonly take: (datagrams: Buffer[]) => void;
  /** The open socket broke; nothing arrives any more. */
  readonly broken: (error: Error) => void;
}

/**
 * Reads the datagrams of a socket together. The first one after a quiet time wakes the process; those behind it stay in the
 * system's buffer, for 20 ms at most, less where many come, or until somebody asks.
 */
export class Together {
  /** The first after a quiet time. */
  private first: Buffer | undefined;
  private timer: NodeJS.Timeout | undefined;
  private urgent = false;
  private closed = false;
  private everyMs: number;
  private readAt = 0;
  /** Since the timer has run last. */
  private count = 0;
  private timedAt = 0;
  private readonly space = Buffer.allocUnsafeSlow(LARGEST_DATAGRAM);
  private readonly mostWanted: number;
  private readonly longestMs: number;

  constructor(private readonly parts: TogetherParts) {
    const { bufferBytes } = parts;
    this.mostWanted = Math.min(MOST_AT_ONCE, (bufferBytes * SHARE_OF_BUFFER) / IN_THE_BUFFER);
    this.longestMs = Math.min(TOGETHER_MS, bufferBytes / BURST_IN_A_MS);
    this.everyMs = this.longestMs;
  }

  /** The event loop has read one. */
  woken(datagram: Buffer): void {
    if (this.urgent) return this.parts.take([datagram]);
    if (this.first) this.parts.take([this.first]);
    this.first = datagram;
    this.timer ??= this.pause();
  }

  /** Reads what is there. */
  read(): void {
    // While the event loop reads, nothing is left lying.
    if (this.closed || !this.timer) return;
    const now = performance.now();
    if (now - this.readAt >= SOON_MS || this.first) this.drain(MOST_FOR_ONE_WHO_ASKS);
  }

  /** Whether each datagram is read as soon as it comes. */
  hurry(urgent: boolean): void {
    this.urgent = urgent;
    if (urgent) this.resume();
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
  }

  private pause(): NodeJS.Timeout {
    this.parts.handle.recvStop();
    this.timedAt = performance.now();
    return setTimeout(this.onTime, this.everyMs);
  }

  private resume(): void {
    if (this.closed || !this.timer) return;
    clearTimeout(this.timer);
    this.timer = undefined;
    this.parts.handle.recvStart();
    if (!this.first) return;
    const only = this.first;
    this.first = undefined;
    this.parts.take([only]);
  }

  private readonly onTime = (): void => {
    const read = this.drain(MOST_AT_ONCE);
    if (this.closed) return;
    // A quiet time: the next one wakes the process.
    if (this.count === 0) return this.resume();
    const now = performance.now();
    const fits = ((now - this.timedAt) * this.mostWanted) / this.count;
    this.everyMs = Math.max(1, Math.min(this.longestMs, fits));
    this.timedAt = now;
    this.count = 0;
    this.timer = setTimeout(this.onTime, read < MOST_AT_ONCE ? this.everyMs : 0);
  };

  /** @returns how many it has read */
  private drain(most: number): number {
    const datagrams: Buffer[] = [];
    if (this.first) datagrams.push(this.first);
    this.first = undefined;
    this.readAt = performance.now();
    let fault: Error | undefined;
    // Each read ends with an error, whose trace nobody reads: it costs as much as reading five datagrams.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
      while (datagrams.length < most) {
        const size = readSync(this.parts.handle.fd, this.space, 0, LARGEST_DATAGRAM, null);
        // Memory of its own: what is kept of one would otherwise keep others.
        const datagram = Buffer.allocUnsafeSlow(size);
        this.space.copy(datagram, 0, 0, size);
        datagrams.push(datagram);
      }
    } catch (error) {
      if (!isNothingThere(error)) fault = error as Error;
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
    this.count += datagrams.length;
    if (datagrams.length > 0) this.parts.take(datagrams);
    if (fault) this.fail(fault);
    return datagrams.length;
  }

  private fail(error: Error): void {
    this.close();
    this.parts.broken(error);
  }
}

/** No datagram is left, or a signal came in between. */
function isNothingThere(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'EAGAIN' || code === 'EWOULDBLOCK' || code === 'EINTR';
}
