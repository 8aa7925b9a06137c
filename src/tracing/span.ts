/** What becomes a span. Times are Unix time in milliseconds. */
export interface SpanPlan {
  readonly name: string;
  /** As OpenTelemetry has them: `server` is what came to us, `client` what went out. */
  readonly kind: 'server' | 'client' | 'internal';
  readonly start: number;
  readonly end: number;
  readonly attributes: Attributes;
  /** What went wrong, in a few words; absent: nothing did. */
  readonly error?: string;
  readonly events: readonly { readonly name: string; readonly at: number }[];
  readonly children: readonly SpanPlan[];
}

/** Lists as OpenTelemetry's own type wants them. */
export type Attributes = Readonly<Record<string, string | number | boolean | string[]>>;
