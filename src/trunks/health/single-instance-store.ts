import { InstanceHealth } from './instance-health';
import type { HealthStore } from './health-store';

/** The store of a single instance: the default, without dependencies. */
export class SingleInstanceStore extends InstanceHealth implements HealthStore {
  start(): void {}

  stop(): Promise<void> {
    return Promise.resolve();
  }
}
