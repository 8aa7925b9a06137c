import { reconnectDelay } from './backoff';

/** Keeps one connection up for ever; the delay before the next try grows with each failure in a row. */
export class ReconnectLoop {
  private stopped = false;
  private failures = 0;
  private timer: NodeJS.Timeout | undefined;

  /**
   * @param connect one try; it reports its end by `connected` or `lost`, and never rejects
   * @param delay milliseconds before the next try, after this many failures in a row
   */
  constructor(
    private readonly connect: () => Promise<void>,
    private readonly delay = (failures: number) => reconnectDelay(failures, Math.random()),
  ) {}

  /** Whether no further try is made. */
  get isStopped(): boolean {
    return this.stopped;
  }

  start(): void {
    void this.connect();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  /** The connection is in use, so the next loss is the first in a row. */
  connected(): void {
    this.failures = 0;
  }

  /**
   * The try has failed, or the connection has ended.
   * @param afterMs when to try again, where that is not a matter of failures. Milliseconds
   */
  lost(afterMs?: number): void {
    if (this.stopped) return;
    if (afterMs === undefined) this.failures += 1;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.connect(), afterMs ?? this.delay(this.failures));
  }
}
