import type { Logger } from 'winston';
import type { ConfigurationDialect } from '../codecs/dialect';
import { CallEventStream } from '../events/stream';
import type { CallMetrics } from '../records/call-metrics';
import type { CallEventConsumer } from '../events/stream';
import type { Journal } from '../records/journal';
import { CallLog } from '../records/log';
import { countCalls } from '../records/metrics';
import type { UnclassifiedResponses } from '../records/unclassified';

export interface RecordsParts {
  readonly log: Logger;
  readonly metrics: CallMetrics;
  readonly journal: Journal;
  /** Keeps them over restarts. */
  readonly lasting?: { readonly record: CallEventConsumer };
  /** Tells HTTP clients. */
  readonly live?: { readonly record: CallEventConsumer };
  /** Tells whom the policy names of what is wrong. */
  readonly alerts?: { readonly record: CallEventConsumer };
  /** Tells HEP collectors of decisions. */
  readonly decisionLines?: { readonly record: CallEventConsumer };
  /** Makes traces. */
  readonly tracing?: { readonly record: CallEventConsumer };
  readonly dialects: Pick<ReadonlyMap<string, ConfigurationDialect>, 'get'>;
  readonly unclassified?: UnclassifiedResponses;
  /** Whether the policy in force has a trunk of this name. */
  readonly isTrunk: (name: string) => boolean;
  /** Runs the consumers; by default once the process is idle. Tests run them at once. */
  readonly later?: (run: () => void) => void;
}

/** The stream of call events with all its consumers. */
export function recordedStream({
  log,
  metrics,
  journal,
  lasting,
  live,
  alerts,
  tracing,
  decisionLines,
  dialects,
  unclassified,
  isTrunk,
  later = (run) => void setImmediate(run),
}: RecordsParts): CallEventStream {
  const stream = new CallEventStream(
    {
      failed: (consumer, kind, error) => {
        metrics.recordsLost.inc({ consumer });
        // Its own line would fail as well.
        if (consumer !== 'log')
          log.error('record lost', { finding: 'CB6010', consumer, event: kind, error });
      },
      dropped: () => metrics.recordsLost.inc({ consumer: 'all' }),
    },
    later,
  );
  stream.subscribe('journal', journal.record);
  if (lasting) stream.subscribe('lasting journal', lasting.record);
  if (live) stream.subscribe('live events', live.record);
  if (alerts) stream.subscribe('alerts', alerts.record);
  if (tracing) stream.subscribe('tracing', tracing.record);
  if (decisionLines) stream.subscribe('HEP', decisionLines.record);
  stream.subscribe('metrics', countCalls(metrics, isTrunk));
  if (unclassified) stream.subscribe('unclassified', unclassified.record);
  stream.subscribe('log', new CallLog({ log, dialects }).record);
  return stream;
}
