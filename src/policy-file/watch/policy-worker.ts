// Own handling of one thread: pools of threads (piscina, tinypool) hand whole results over at once, and
// cannot tell a thread that computes from one that hangs in the kernel and cannot be ended.
import type { Worker } from 'node:worker_threads';
import { fileProblem } from '../problems/problems';
import type { Answer, Request } from './load-worker';
import { Unpacking } from './parcel';
import { LOADER, policyThread } from './policy-thread';
import type { PolicyBytes } from './policy-bytes';
import type { Look, Looked, PolicySource } from './policy-source';

/** Longest time for reading the file. Milliseconds. */
const READ_LIMIT_MS = 60_000;
/** Longest time for checking what is new in it; 100,000 routes take a fifth of a minute. Milliseconds. */
const CHECK_LIMIT_MS = 300_000;
/** A thread of its own that looks at the policy file. It begins with the first look. */
export class PolicyWorker implements PolicySource {
  private worker: Worker | undefined;
  /** A thread that was ended and is still there, because the kernel holds it. */
  private ending: Promise<void> | undefined;
  private conversation: Conversation | undefined;

  /**
   * @param entry the thread's program
   * @param begun the first thread, where it was begun already
   */
  constructor(
    private readonly file: string,
    private readonly entry = LOADER,
    private begun?: Worker,
  ) {}

  async look(look: Look): Promise<Looked> {
    // A second thread would hang in the same place; how it ended was told.
    if (this.ending) return { kind: 'same' };
    const worker = (this.worker ??= this.begin());
    const looked = new Promise<Looked>((resolve) => {
      this.conversation = new Conversation(worker, {
        ended: resolve,
        overdue: (what, ms) => {
          this.fail(`not ${what} within ${ms / 1_000} s`);
          this.end();
        },
      });
    });
    // While nobody waits for it, the thread keeps no process from its end.
    worker.ref();
    worker.postMessage({ kind: 'look', file: this.file, look } satisfies Request);
    try {
      return await looked;
    } finally {
      worker.unref();
      this.conversation = undefined;
    }
  }

  stop(): Promise<void> {
    this.conversation?.end({ kind: 'same' });
    this.end();
    return this.ending ?? Promise.resolve();
  }

  private begin(): Worker {
    const { begun } = this;
    this.begun = undefined;
    const worker = begun && isThere(begun) ? begun : policyThread(this.entry);
    worker.on('message', (answer: Answer) => this.conversation?.heard(answer));
    // As when it needs more memory than it may take; the next look begins another one.
    worker.on('error', (error) => {
      if (this.worker === worker) this.worker = undefined;
      this.fail(`cannot be loaded: ${error.message}`);
    });
    return worker;
  }

  private end(): void {
    const { worker } = this;
    if (!worker) return;
    this.worker = undefined;
    const ending = worker.terminate().then(() => {
      if (this.ending === ending) this.ending = undefined;
    });
    this.ending = ending;
  }

  private fail(message: string): void {
    this.conversation?.end({
      kind: 'refused',
      problems: [fileProblem(this.file, 'CB1008', message)],
      count: 1,
    });
  }
}

function isThere({ threadId }: Worker): boolean {
  return threadId !== -1;
}

/** One look and what is answered to it. */
class Conversation {
  private readonly unpacking = new Unpacking();
  private changed: { readonly hash: string; readonly text: PolicyBytes } | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly worker: Worker,
    private readonly events: {
      readonly ended: (looked: Looked) => void;
      readonly overdue: (what: string, ms: number) => void;
    },
  ) {
    this.limit('read', READ_LIMIT_MS);
  }

  heard(answer: Answer): void {
    switch (answer.kind) {
      case 'changed':
        this.changed = answer;
        return this.limit('checked', CHECK_LIMIT_MS);
      case 'same':
      case 'restored':
      case 'refused':
        return this.end(answer);
      default: {
        const policy = this.unpacking.add(answer);
        const text = this.changed?.text;
        if (policy && text) return this.end({ kind: 'loaded', policy, text });
        // Of pieces that were there already, Node would hand over a thousand before anything else.
        setImmediate(() => this.worker.postMessage({ kind: 'next' } satisfies Request));
      }
    }
  }

  /** A refusal has the hash of what the file says, where that is known. */
  end(looked: Looked): void {
    clearTimeout(this.timer);
    const hash = this.changed?.hash;
    this.events.ended(
      looked.kind === 'refused' && hash !== undefined ? { ...looked, hash } : looked,
    );
  }

  private limit(what: string, ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.events.overdue(what, ms), ms);
  }
}
