import type { ObservedNote, TraceNote } from '../note';

/** What the thread begins with. */
export interface TracingThreadData {
  readonly maskNumbers: boolean;
  /** Of crankback. */
  readonly version: string;
  /** Names this process among several. */
  readonly instance: string;
  readonly pace?: Pace;
}

/** How long things wait to be done together. Milliseconds. */
export interface Pace {
  /** Notes, on their way to the thread. */
  readonly batchMs: number;
  /** Between two looks for calls that are over. */
  readonly lookMs: number;
  /** For what comes after a call's end: its leg's times, mirrored SIP. */
  readonly settleMs: number;
}

export const PACE: Pace = { batchMs: 500, lookMs: 1_000, settleMs: 3_000 };

export type ToTracing =
  | { readonly kind: 'notes'; readonly notes: readonly (TraceNote | ObservedNote)[] }
  /** Nothing comes after this. */
  | { readonly kind: 'close' };

export type FromTracing =
  /** The notes were read; more may come. */
  | { readonly kind: 'read' }
  /** So many spans were made, taken by the collector, or not taken by it. */
  | { readonly kind: 'made' | 'sent'; readonly spans: number }
  | { readonly kind: 'lost'; readonly spans: number; readonly why: string }
  /** What OpenTelemetry says of its settings. */
  | { readonly kind: 'remark'; readonly why: string }
  | { readonly kind: 'closed' };
