import type { Registry } from 'prom-client';
import type { Logger } from 'winston';
import type { Named } from '../findings/named';
import { createTracingMetrics } from '../records/tracing-metrics';
import type { CallEventConsumer } from '../events/stream';
import type { Settings } from '../settings/settings';
import { Tracing } from '../tracing/thread/tracing';

/** Traces of calls, as they are made. */
export interface RunningTracing {
  readonly record: CallEventConsumer;
  /** For the readiness report. */
  warnings(): readonly Named[];
  /** Sends what is left, for a bounded time. */
  stop(): Promise<void>;
}

/** @returns undefined where no traces are wanted: OpenTelemetry is not loaded then */
export function startTracing(
  { traces, maskNumbers }: Pick<Settings, 'traces' | 'maskNumbers'>,
  {
    registry,
    log,
    ...parts
  }: {
    readonly registry: Registry;
    readonly log: Logger;
    readonly version: string;
    readonly instance: string;
    readonly isTrunk: (name: string) => boolean;
  },
): RunningTracing | undefined {
  if (!traces) return undefined;
  const metrics = createTracingMetrics(registry);
  return new Tracing({
    ...{ ...parts, env: traces.env, maskNumbers },
    reports: {
      spans: (result, count) => metrics.spans.inc({ result }, count),
      dropped: (count) => metrics.dropped.inc(count),
      changed: (why) =>
        why === undefined
          ? log.info('traces are taken')
          : log.warn('traces are not taken', { finding: 'CB8015', why }),
      remark: (why) => log.warn('OpenTelemetry says', { finding: 'CB8016', why }),
    },
  });
}
