import { Registry } from 'prom-client';
import type { Logger } from 'winston';
import { buildFacts } from '../cli/version';
import { showBuild } from '../records/build-metrics';
import { createCallMetrics, type CallMetrics } from '../records/call-metrics';
import { createLogMetrics } from '../records/log-metrics';
import { createLogger } from '../records/logger';
import { collectProcessMetrics } from '../records/process-metrics';
import type { Settings } from '../settings/settings';

/** What every part of the service writes to, and the time that all go by. */
export interface Instruments {
  readonly registry: Registry;
  readonly log: Logger;
  readonly metrics: CallMetrics;
  /** Unix time in milliseconds. */
  readonly now: () => number;
}

export function createInstruments({ log: logged, maskNumbers }: Settings): Instruments {
  const registry = new Registry();
  collectProcessMetrics(registry);
  showBuild(registry, buildFacts());
  const { dropped } = createLogMetrics(registry);
  const log = createLogger({ ...logged, maskNumbers }, { dropped });
  return { registry, log, metrics: createCallMetrics(registry), now: () => Date.now() };
}
