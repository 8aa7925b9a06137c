// Own code: winston's transports and process.stdout wait without a bound, and what pino writes with (sonic-boom)
// tries for ever at exit while the disk is full.
import { constants, openSync, write, writeSync } from 'node:fs';
import { isatty } from 'node:tty';

/** More does not wait to be written. Bytes. */
export const MOST_WAITING = 1024 * 1024;
/** One write; no more than this is written twice or lost when the process ends in the middle of it. Bytes. */
const LARGEST_WRITE = 64 * 1024;
/** A pipe that is full is tried again after so long. Milliseconds. */
const FULL_MS = 20;
/** Whatever else is in the way, a full disk or a reader that is gone, is tried again after so long. Milliseconds. */
const BROKEN_MS = 1_000;
/** A reader that is slow has so long at the end of the process. Milliseconds. */
const AT_EXIT_MS = 200;

export interface LogOutputParts {
  /** Where to; as `withoutBlocking` gives it. */
  readonly fd: number;
  /** Told of lines that are lost, as many as there are. */
  readonly dropped: (lines: number) => void;
  /** The line that says how many are missing where it stands, and why: an error's code, or `slow`. */
  readonly gap: (lines: number, why: string) => string;
}

/**
 * Writes lines where they can be lost rather than wait without a bound, end the process or hold up its thread.
 * While more waits than there may, what comes is dropped, and one line says so in its place.
 */
export class LogOutput {
  private readonly waiting: Buffer[] = [];
  private waitingBytes = 0;
  /** Of the first chunk, what is written already. */
  private written = 0;
  private state: 'idle' | 'writing' | 'pausing' | 'ending' = 'idle';
  private missing = 0;
  private why = 'slow';

  constructor(private readonly parts: LogOutputParts) {}

  /** Bytes that wait. */
  get size(): number {
    return this.waitingBytes;
  }

  /** Takes lines, each with its line feed; returns at once. */
  offer(lines: readonly string[]): void {
    const taken: string[] = [];
    for (const line of lines) {
      this.endGap(taken);
      if (this.missing > 0 || !this.take(line, taken)) this.drop();
    }
    this.keep(taken);
    if (this.state === 'idle') this.next();
  }

  /**
   * Writes what it can, for the end of the process: what is asked for now is not answered any more.
   * @param lines the last ones; a write begun with them could be lost
   */
  flush(lines: readonly string[] = []): void {
    const until = Date.now() + AT_EXIT_MS;
    // What this one is about to write is not known any more.
    if (this.state === 'writing') this.shift();
    this.state = 'ending';
    this.offer(lines);
    this.writeAll(until);
    this.state = 'idle';
  }

  private writeAll(until: number): void {
    while (this.waiting.length > 0) {
      try {
        this.advance(writeSync(this.parts.fd, this.rest()));
      } catch (error) {
        if (!isFull(error) || Date.now() > until) return;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
      }
    }
  }

  private next(): void {
    if (this.waiting.length === 0) return;
    this.state = 'writing';
    write(this.parts.fd, this.rest(), (error, count) => {
      if (this.state !== 'writing') return;
      if (error) return this.pause(error);
      this.advance(count);
      const told: string[] = [];
      this.endGap(told);
      this.keep(told);
      this.state = 'idle';
      this.next();
    });
  }

  private pause(error: NodeJS.ErrnoException): void {
    const full = isFull(error);
    this.why = full ? 'slow' : (error.code ?? 'unknown');
    this.state = 'pausing';
    const again = (): void => {
      if (this.state !== 'pausing') return;
      this.state = 'idle';
      this.next();
    };
    setTimeout(again, full ? FULL_MS : BROKEN_MS).unref();
  }

  private take(line: string, taken: string[]): boolean {
    const length = Buffer.byteLength(line);
    if (this.waitingBytes + length > MOST_WAITING) return false;
    this.waitingBytes += length;
    taken.push(line);
    return true;
  }

  private drop(): void {
    this.missing += 1;
    this.parts.dropped(1);
  }

  /** Lines are taken again when half of the room is free, not one by one. */
  private endGap(taken: string[]): void {
    if (this.missing === 0 || this.waitingBytes > MOST_WAITING / 2) return;
    if (this.take(this.parts.gap(this.missing, this.why), taken)) this.missing = 0;
  }

  private keep(lines: readonly string[]): void {
    const bytes = Buffer.from(lines.join(''));
    for (let from = 0; from < bytes.length; from += LARGEST_WRITE) {
      this.waiting.push(bytes.subarray(from, from + LARGEST_WRITE));
    }
  }

  private rest(): Buffer {
    return this.waiting[0]?.subarray(this.written) ?? Buffer.alloc(0);
  }

  private advance(count: number): void {
    this.written += count;
    this.waitingBytes -= count;
    if (this.rest().length === 0) this.shift();
  }

  private shift(): void {
    this.waitingBytes -= this.rest().length;
    this.waiting.shift();
    this.written = 0;
  }
}

/**
 * A descriptor for the same output that no reader can make wait: a terminal that is stopped (Ctrl-S) or a pipe
 * that nobody reads would else keep a thread, and the process from its end. A file may still wait for its disk,
 * in a thread of its own.
 */
export function withoutBlocking(fd: 1 | 2): number {
  const stream = fd === 1 ? process.stdout : process.stderr;
  // Node makes pipes and sockets non-blocking when it makes their stream.
  stream.on('error', () => undefined);
  if (!isatty(fd)) return fd;
  try {
    // Its own description: the shell's stays as it is.
    return openSync(
      `/proc/self/fd/${fd}`,
      constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY,
    );
  } catch {
    return fd;
  }
}

function isFull(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'EAGAIN';
}
