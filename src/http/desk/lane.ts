// Own handling of one thread: pools of threads (piscina, tinypool) hand no port along with a job, and end no thread
// for the time that one job takes.
import { join } from 'node:path';
import type { MessagePort, Worker } from 'node:worker_threads';
import { JournalBusy } from '../../journal/thread/journal-busy';
import { beginThread } from '../../threads/begin-thread';
import { problem } from '../v1/problems';
import type { DeskThreadData, FromDesk, ToDesk } from './desk-worker';
import type { Done, Job } from './job';

export interface LaneParts {
  /** Jobs that may wait. */
  readonly most: number;
  readonly maskNumbers: boolean;
  /** A way to the journal. @throws JournalBusy */
  readonly connect: () => MessagePort;
  /** Something failed that is no fault of a client. */
  readonly failed: (why: string) => void;
  /** Name of the thread. */
  readonly name: string;
  /** The thread's program. */
  readonly entry?: string | undefined;
  readonly limits?: LaneLimits;
}

/** Times in milliseconds. */
export interface LaneLimits {
  /** From a job's coming to its end, waiting included; below what a connection may be silent. */
  readonly jobMs: number;
  /** What takes long ends with what it has. */
  readonly enoughMs: number;
  /** A thread that has nothing to do ends. */
  readonly idleMs: number;
  /** A job that needs more ends the thread and not the service. MB. */
  readonly heapMb: number;
}

const LIMITS: LaneLimits = { jobMs: 8_000, enoughMs: 5_000, idleMs: 60_000, heapMb: 512 };

interface Waiting {
  readonly job: Job;
  readonly resolve: (done: Done) => void;
  readonly timer: NodeJS.Timeout;
}

/** One job after the other, in a thread of its own that begins with the first. */
export class Lane {
  private readonly waiting: Waiting[] = [];
  private running: Waiting | undefined;
  private worker: Worker | undefined;
  private idle: NodeJS.Timeout | undefined;
  private readonly limits: LaneLimits;

  constructor(private readonly parts: LaneParts) {
    this.limits = parts.limits ?? LIMITS;
  }

  /** Never rejects, and always ends in time. */
  do(job: Job): Promise<Done> {
    if (this.waiting.length >= this.parts.most)
      return Promise.resolve({ problem: problem('busy', { detail: 'others wait for the same' }) });
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.overdue(one), this.limits.jobMs);
      const one: Waiting = { job, resolve, timer };
      this.waiting.push(one);
      this.next();
    });
  }

  async stop(): Promise<void> {
    const rest = this.waiting.splice(0);
    for (const one of rest) this.end(one, { problem: problem('busy', { detail: 'it ends' }) });
    await this.abort({ problem: problem('busy', { detail: 'it ends' }) });
  }

  private next(): void {
    if (this.running) return;
    const one = this.waiting.shift();
    if (!one) return this.rest();
    clearTimeout(this.idle);
    let port: MessagePort | undefined;
    try {
      port = one.job.kind === 'check' ? undefined : this.parts.connect();
    } catch (error) {
      if (!(error instanceof JournalBusy)) throw error;
      this.end(one, { problem: problem('busy', { detail: error.message }) });
      return this.next();
    }
    this.running = one;
    const worker = (this.worker ??= this.begin());
    const { enoughMs } = this.limits;
    const asked: ToDesk = { job: one.job, enoughMs, ...(port && { port }) };
    worker.postMessage(asked, port ? [port] : []);
  }

  private rest(): void {
    clearTimeout(this.idle);
    this.idle = setTimeout(() => void this.abort(undefined), this.limits.idleMs).unref();
  }

  private begin(): Worker {
    const { maskNumbers, name, entry = join(__dirname, 'desk-worker.js') } = this.parts;
    const { heapMb } = this.limits;
    const worker = beginThread<DeskThreadData>({ name, entry, data: { maskNumbers }, heapMb });
    worker.unref();
    worker.on('message', (told: FromDesk) => {
      if (this.worker === worker) this.told(told);
    });
    worker.on('error', (error) => {
      if (this.worker !== worker) return;
      this.worker = undefined;
      this.settle({ problem: problem('took-too-long', { detail: error.message }) });
    });
    return worker;
  }

  private told(told: FromDesk): void {
    if (!('error' in told)) return this.settle(told);
    this.parts.failed(told.error);
    this.settle({ problem: problem('failed') });
  }

  private settle(done: Done): void {
    const { running } = this;
    this.running = undefined;
    if (running) this.end(running, done);
    this.next();
  }

  private end(one: Waiting, done: Done): void {
    clearTimeout(one.timer);
    one.resolve(done);
  }

  private overdue(one: Waiting): void {
    const seconds = this.limits.jobMs / 1_000;
    const late = problem('took-too-long', { detail: `not done within ${seconds} s` });
    if (this.running === one) return void this.abort({ problem: late });
    const index = this.waiting.indexOf(one);
    if (index >= 0) this.waiting.splice(index, 1);
    one.resolve({ problem: late });
  }

  /** Ends the thread, and what it does; the next job begins another one. */
  private async abort(done: Done | undefined): Promise<void> {
    clearTimeout(this.idle);
    const { worker } = this;
    this.worker = undefined;
    if (done && this.running) this.settle(done);
    await worker?.terminate();
  }
}
