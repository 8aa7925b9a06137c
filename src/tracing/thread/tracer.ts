import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Context,
  type Tracer,
} from '@opentelemetry/api';
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  RandomIdGenerator,
  type SpanExporter,
} from '@opentelemetry/sdk-trace-base';
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import type { SpanPlan } from '../span';
import type { TracingThreadData } from './protocol';

const KINDS = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  internal: SpanKind.INTERNAL,
};

/** Makes spans of what has happened, by OpenTelemetry's own SDK and its variables. */
export class CallTracer {
  private readonly provider: BasicTracerProvider;
  private readonly tracer: Tracer;
  private traceId = '';

  constructor(
    exporter: SpanExporter,
    { version, instance }: Pick<TracingThreadData, 'version' | 'instance'>,
  ) {
    const random = new RandomIdGenerator();
    this.provider = new BasicTracerProvider({
      resource: resourceFromAttributes({
        'service.name': 'crankback',
        'service.version': version,
        'service.instance.id': instance,
      }).merge(detectResources({ detectors: [envDetector] })),
      // Its queue is bounded, 2,048 spans where nothing else is said: what does not fit is dropped.
      spanProcessors: [new BatchSpanProcessor(exporter)],
      idGenerator: {
        generateTraceId: () => this.traceId,
        generateSpanId: () => random.generateSpanId(),
      },
    });
    this.tracer = this.provider.getTracer('crankback', version);
  }

  /** @returns how many spans there are, also where none of them is sampled */
  trace(traceId: string, root: SpanPlan): number {
    this.traceId = traceId;
    return this.make(root, ROOT_CONTEXT);
  }

  /** Sends what waits. Rejects where a collector does not take it. */
  stop(): Promise<void> {
    return this.provider.shutdown();
  }

  private make(plan: SpanPlan, parent: Context): number {
    const { name, kind, start, end, attributes, error, events, children } = plan;
    const span = this.tracer.startSpan(
      name,
      { kind: KINDS[kind], startTime: start, attributes },
      parent,
    );
    for (const { name: event, at } of events) span.addEvent(event, at);
    if (error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: error });
    const context = trace.setSpan(parent, span);
    let made = 1;
    for (const child of children) made += this.make(child, context);
    span.end(end);
    return made;
  }
}
