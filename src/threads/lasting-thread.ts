// Own handling of one thread: pools of threads (piscina, tinypool) give jobs to any of theirs, while these keep what they
// were told, and begin again.
import type { TransferListItem, Worker } from 'node:worker_threads';
import { beginThread, type ThreadProgram } from './begin-thread';

/** A thread that died begins again after this. Milliseconds. */
const AGAIN_AFTER_MS = 5_000;
/** At the end, for what it still has to do. Milliseconds. */
const CLOSE_LIMIT_MS = 2_000;

export interface LastingThreadParts<Data, From> extends ThreadProgram<Data> {
  readonly heard: (message: From) => void;
  /** It has died, which nobody wanted, and begins again soon. */
  readonly died: (why: string) => void;
}

/** A thread that is there as long as the service: one that dies begins again, and its end takes a bounded time. */
export class LastingThread<Data, To, From> {
  private worker: Worker | undefined;
  private stopped = false;
  private closed: (() => void) | undefined;

  constructor(private readonly parts: LastingThreadParts<Data, From>) {
    this.begin();
  }

  /** Whether what is sent now reaches it. */
  get isThere(): boolean {
    return this.worker !== undefined;
  }

  /** Of a thread that is not there nobody hears. */
  send(message: To, transfer: readonly TransferListItem[] = []): void {
    this.worker?.postMessage(message, transfer);
  }

  /** It has done what `last` has asked of it. */
  hasClosed(): void {
    this.closed?.();
  }

  /** @param last asks it to end its work; what says that it has is `hasClosed` */
  async stop(last: To): Promise<void> {
    this.stopped = true;
    const { worker } = this;
    if (!worker) return;
    const closed = new Promise<void>((resolve) => (this.closed = resolve));
    this.send(last);
    const limit = setTimeout(() => this.closed?.(), CLOSE_LIMIT_MS);
    await closed;
    clearTimeout(limit);
    // A thread that the kernel holds ends with the process.
    void worker.terminate();
  }

  private begin(): void {
    const worker = beginThread(this.parts);
    this.worker = worker;
    worker.on('message', (message: From) => this.parts.heard(message));
    worker.on('error', (error) => this.ended(worker, error.message));
    worker.on('exit', () => this.ended(worker, 'its thread has ended'));
    worker.unref();
  }

  private ended(worker: Worker, why: string): void {
    if (this.worker !== worker) return;
    this.worker = undefined;
    this.closed?.();
    if (this.stopped) return;
    setTimeout(() => {
      if (!this.stopped) this.begin();
    }, AGAIN_AFTER_MS).unref();
    this.parts.died(why);
  }
}
