import type { Registry } from 'prom-client';
import type { Logger } from 'winston';
import { createStateFileMetrics } from '../records/state-file-metrics';
import { OperatorHolds } from '../state-file/operator-holds';
import type { HealthStore } from '../trunks/health/health-store';

/** What operators have held is brought back and kept, where a file for it is set. */
export async function keptHolds(parts: {
  readonly file: string | undefined;
  readonly health: HealthStore;
  readonly log: Logger;
  readonly registry: Registry;
  /** The health store's clock; Unix time in milliseconds. */
  readonly now: () => number;
}): Promise<OperatorHolds | undefined> {
  const { file, registry, ...rest } = parts;
  if (file === undefined) return undefined;
  const holds = new OperatorHolds({ ...rest, file, metrics: createStateFileMetrics(registry) });
  await holds.restore();
  return holds;
}
