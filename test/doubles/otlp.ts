/** What is sent to `/v1/traces` as JSON: opentelemetry-proto, ExportTraceServiceRequest. */
export interface OtlpRequest {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly KeyValue[] };
    readonly scopeSpans: readonly {
      readonly scope: { readonly name: string; readonly version: string };
      readonly spans: readonly OtlpSpan[];
    }[];
  }[];
}

interface KeyValue {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly KeyValue[];
  readonly events: readonly { readonly name: string }[];
  readonly status: { readonly code: number; readonly message?: string };
}

/** The spans of a request, read by the names and forms of the published protocol. */
export function otlpSpans(request: OtlpRequest | undefined) {
  const [of] = request?.resourceSpans ?? [];
  const [scoped] = of?.scopeSpans ?? [];
  const spans = (scoped?.spans ?? []).map((span) => ({
    ...span,
    ms: Number((BigInt(span.endTimeUnixNano) - BigInt(span.startTimeUnixNano)) / 1_000_000n),
    attributes: valuesOf(span.attributes),
    events: span.events.map(({ name }) => name),
    status: span.status.code === 0 ? undefined : span.status,
  }));
  for (const { traceId, spanId } of spans)
    if (!/^[0-9a-f]{32}$/.test(traceId) || !/^[0-9a-f]{16}$/.test(spanId))
      throw new Error(`no ids of OTLP: ${traceId} ${spanId}`);
  return { spans, resource: valuesOf(of?.resource.attributes ?? []), scope: scoped?.scope };
}

function valuesOf(attributes: readonly KeyValue[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}
