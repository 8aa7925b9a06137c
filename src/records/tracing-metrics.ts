import { Counter, type Registry } from 'prom-client';

export interface TracingMetrics {
  readonly spans: Counter<'result'>;
  readonly dropped: Counter;
}

/** Registers what is counted of traces. */
export function createTracingMetrics(registry: Registry): TracingMetrics {
  const spans = new Counter({
    name: 'crankback_trace_spans_total',
    help: 'Spans of calls: made, sent (the collector has them), lost (it did not take them). Those that were made and are neither wait, were not sampled, or found the queue full',
    labelNames: ['result'],
    registers: [registry],
  });
  for (const result of ['made', 'sent', 'lost']) spans.inc({ result }, 0);
  const dropped = new Counter({
    name: 'crankback_trace_events_dropped_total',
    help: 'Events of calls that have no place in a trace: they came faster than traces were made',
    registers: [registry],
  });
  return { spans, dropped };
}
