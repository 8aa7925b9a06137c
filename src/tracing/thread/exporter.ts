import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base';

/** Told of each batch. */
export interface ExportReports {
  readonly sent: (spans: number) => void;
  readonly lost: (spans: number, why: string) => void;
}

type Result = Parameters<Parameters<SpanExporter['export']>[1]>[0];

/** Of `ExportResultCode`, which only the SDK's inner packages have. */
const SUCCESS = 0;

/** An exporter whose results are told of; the spans' own path is as it was. */
export class ReportingExporter implements SpanExporter {
  constructor(
    private readonly exporter: SpanExporter,
    private readonly reports: ExportReports,
  ) {}

  export(spans: ReadableSpan[], done: (result: Result) => void): void {
    this.exporter.export(spans, (result) => {
      if (Number(result.code) === SUCCESS) this.reports.sent(spans.length);
      else this.reports.lost(spans.length, whyOf(result.error));
      // It is told of; the SDK would write the error once more, with its stack.
      done({ code: SUCCESS });
    });
  }

  shutdown(): Promise<void> {
    return this.exporter.shutdown();
  }
}

/** A collector's status, or what the network said; of an answer its text is not read. */
function whyOf(error: Error | undefined): string {
  const { code, message = '' } = (error ?? {}) as NodeJS.ErrnoException;
  return [code, message].filter(Boolean).join(' ').slice(0, 200) || 'not taken';
}
