import { defence, type Defence } from '../defence';

const SPANS = 'src/tracing/spans-of-call.ts';
const OBSERVED = 'src/tracing/spans-of-observed.ts';
const ATTEMPT = 'src/tracing/attempt-span.ts';
const CALLS = 'src/tracing/calls-in-progress.ts';
const NOTES = 'src/tracing/note-of.ts';
const THREAD = 'src/tracing/thread/tracing.ts';

/** Traces of calls, on their way to a collector. */
export const TRACING: readonly Defence[] = [
  defence(
    'tracing-shown',
    SPANS,
    'export function spansOfCall(notes: readonly TraceNote[], shown: Shown): SpanPlan | undefined {',
    'export function spansOfCall(notes: readonly TraceNote[], _: Shown): SpanPlan | undefined {\n  const shown: Shown = (value) => value;',
  ),
  defence(
    'tracing-observed-shown',
    OBSERVED,
    'export function spansOfObserved(note: ObservedNote, shown: Shown): SpanPlan {',
    'export function spansOfObserved(note: ObservedNote, _: Shown): SpanPlan {\n  const shown: Shown = (value) => value;',
  ),
  defence('tracing-text-length', NOTES, 'text.length > LONGEST ?', 'text.length > Infinity ?'),
  defence(
    'tracing-span-names',
    ATTEMPT,
    "known ? `attempt ${told.trunk}` : 'attempt'",
    '`attempt ${told.trunk}`',
  ),
  defence(
    'tracing-waiting',
    THREAD,
    'this.waiting.length >= MOST_WAITING',
    'this.waiting.length >= Infinity',
  ),
  defence('tracing-calls', CALLS, 'this.calls.size >= MOST_CALLS', 'this.calls.size >= Infinity'),
  defence(
    'tracing-notes',
    CALLS,
    'if (ends || call.notes.length < MOST_NOTES)',
    'if (ends || call)',
  ),
  defence(
    'tracing-close',
    'src/threads/lasting-thread.ts',
    'setTimeout(() => this.closed?.(), CLOSE_LIMIT_MS)',
    'setTimeout(() => undefined, CLOSE_LIMIT_MS)',
  ),
  defence(
    'tracing-environment',
    'src/threads/begin-thread.ts',
    'env: { ...env },',
    'env: { ...process.env, ...env },',
  ),
];
