import { join } from 'node:path';
import type { CallEvent } from '../../events/call-event';
import { named, type Named } from '../../findings/named';
import { LastingThread } from '../../threads/lasting-thread';
import type { ObservedNote, TraceNote } from '../note';
import { noteOf } from '../note-of';
import { PACE, type FromTracing, type ToTracing, type TracingThreadData } from './protocol';

export interface TracingParts extends TracingThreadData {
  /** Of OpenTelemetry: all that the thread knows of the environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Whether the policy in force has a trunk of this name. */
  readonly isTrunk: (name: string) => boolean;
  readonly reports: TracingReports;
  /** The thread's program. */
  readonly entry?: string;
}

export interface TracingReports {
  /** `made` of calls; `sent`: taken by the collector; `lost`: not taken. */
  readonly spans: (result: 'made' | 'sent' | 'lost', count: number) => void;
  /** So many events have no place in a trace: they came too fast. */
  readonly dropped: (count: number) => void;
  /** @param why absent: they are taken again */
  readonly changed: (why?: string) => void;
  /** What is wrong with OpenTelemetry's settings, once each. */
  readonly remark: (why: string) => void;
}

/** Some seconds of a very busy PBX. */
const MOST_WAITING = 20_000;
const MOST_IN_BATCH = 2_000;
/** Sentences of OpenTelemetry's that are told of. */
const MOST_REMARKS = 10;
/** What 20,000 calls and a full queue need; more ends the thread and not the service. MB. */
const LARGEST_HEAP = 256;

/**
 * Calls as traces of OpenTelemetry, made and sent by a thread of its own. It never throws and never waits: a collector
 * that is away or hangs costs spans, which are counted, and no call.
 */
export class Tracing {
  private waiting: (TraceNote | ObservedNote)[] = [];
  private readonly thread: LastingThread<TracingThreadData, ToTracing, FromTracing>;
  private reading = false;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  private trouble: string | undefined;
  private readonly remarks = new Set<string>();

  private readonly batchMs: number;

  constructor(private readonly parts: TracingParts) {
    const { maskNumbers, version, instance, env, pace = PACE } = parts;
    this.batchMs = pace.batchMs;
    this.thread = new LastingThread({
      name: 'tracing',
      entry: parts.entry ?? join(__dirname, 'tracing-worker.js'),
      data: { maskNumbers, version, instance, pace },
      env,
      heapMb: LARGEST_HEAP,
      heard: (message) => this.heard(message),
      died: (why) => this.died(why),
    });
  }

  /** For the readiness report. */
  warnings(): readonly Named[] {
    return this.trouble === undefined ? [] : [named('CB8015', `traces: ${this.trouble}`)];
  }

  readonly record = (event: CallEvent): void => {
    if (this.stopped) return;
    const note = noteOf(event, this.parts.isTrunk);
    if (!note) return;
    if (this.waiting.length >= MOST_WAITING) return this.parts.reports.dropped(1);
    this.waiting.push(note);
    this.timer ??= setTimeout(this.pass, this.batchMs).unref();
  };

  /** Sends what there is, for a bounded time. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    while (this.waiting.length > 0 && this.thread.isThere) this.passSome();
    await this.thread.stop({ kind: 'close' });
  }

  /** One batch is on its way at a time: a thread that is late piles up nothing. */
  private readonly pass = (): void => {
    this.timer = undefined;
    if (this.thread.isThere && !this.reading && this.waiting.length > 0) this.passSome();
  };

  private passSome(): void {
    const notes = this.waiting.slice(0, MOST_IN_BATCH);
    this.waiting = this.waiting.slice(notes.length);
    this.reading = true;
    this.thread.send({ kind: 'notes', notes });
  }

  private heard(message: FromTracing): void {
    const { reports } = this.parts;
    switch (message.kind) {
      case 'read':
        this.reading = false;
        if (this.waiting.length >= MOST_IN_BATCH) this.pass();
        else if (this.waiting.length > 0 && !this.stopped)
          this.timer ??= setTimeout(this.pass, this.batchMs).unref();
        return;
      case 'made':
        return reports.spans('made', message.spans);
      case 'sent':
        reports.spans('sent', message.spans);
        return this.change(undefined);
      case 'lost':
        reports.spans('lost', message.spans);
        return this.change(message.why);
      case 'remark':
        if (this.remarks.has(message.why) || this.remarks.size >= MOST_REMARKS) return;
        this.remarks.add(message.why);
        return reports.remark(message.why);
      case 'closed':
        this.thread.hasClosed();
    }
  }

  private died(why: string): void {
    this.reading = false;
    this.change(why);
  }

  /** Told where something has changed, and not with each reason. */
  private change(why: string | undefined): void {
    const before = this.trouble;
    this.trouble = why;
    if ((before === undefined) !== (why === undefined)) this.parts.reports.changed(why);
  }
}
