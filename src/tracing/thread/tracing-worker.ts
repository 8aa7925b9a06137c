/** The thread that makes traces of calls and sends them. Entry point of `Tracing`. */
import { parentPort, workerData } from 'node:worker_threads';
import { diag, DiagLogLevel } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { showing } from '../../records/shown';
import { CallsInProgress } from '../calls-in-progress';
import type { ObservedNote, TraceNote } from '../note';
import { spansOfCall } from '../spans-of-call';
import { spansOfObserved } from '../spans-of-observed';
import { traceIdOf } from '../trace-id';
import { ReportingExporter } from './exporter';
import { PACE, type FromTracing, type ToTracing, type TracingThreadData } from './protocol';
import { CallTracer } from './tracer';

/** A collector may have written a part of it. Characters. */
const LONGEST_REMARK = 300;

const data = workerData as TracingThreadData;
const { settleMs, lookMs } = data.pace ?? PACE;
const shown = showing({ maskNumbers: data.maskNumbers });
const say = (message: FromTracing): void => parentPort?.postMessage(message);
const remark = (why: string): void => say({ kind: 'remark', why: why.slice(0, LONGEST_REMARK) });
const ignored = (): void => undefined;
// Its own lines would stand between ours on standard output.
diag.setLogger(
  { error: remark, warn: remark, info: ignored, debug: ignored, verbose: ignored },
  { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
);

const calls = new CallsInProgress(settleMs);
const tracer = new CallTracer(
  new ReportingExporter(new OTLPTraceExporter(), {
    sent: (spans) => say({ kind: 'sent', spans }),
    lost: (spans, why) => say({ kind: 'lost', spans, why }),
  }),
  data,
);

function traceAll(over: readonly (readonly TraceNote[])[]): void {
  let spans = 0;
  for (const notes of over) {
    const begun = notes.find((note) => note.kind === 'begun');
    const call = spansOfCall(notes, shown);
    if (begun && call) spans += tracer.trace(traceIdOf(begun), call);
  }
  if (spans > 0) say({ kind: 'made', spans });
}

/** Its one note tells all of it: there is nothing to wait for. */
function traceObserved(note: ObservedNote): number {
  const traceId = traceIdOf({ ...note, hunt: note.call });
  return tracer.trace(traceId, spansOfObserved(note, shown));
}

function take(notes: Extract<ToTracing, { kind: 'notes' }>['notes'], now: number): void {
  let spans = 0;
  for (const note of notes) {
    if (note.kind === 'observed') spans += traceObserved(note);
    else calls.take(note, now);
  }
  if (spans > 0) say({ kind: 'made', spans });
}

setInterval(() => traceAll(calls.over(Date.now())), lookMs);

parentPort?.on('message', (message: ToTracing) => {
  if (message.kind === 'notes') {
    take(message.notes, Date.now());
    say({ kind: 'read' });
    return;
  }
  traceAll(calls.all());
  void tracer
    .stop()
    .catch(() => undefined)
    .then(() => say({ kind: 'closed' }));
});
