import { InstanceHealth } from './instance-health';
import type { HealthStore } from './health-store';

/** The store of one instance on its own: the default, and it needs nothing. */
export class SingleInstanceStore extends InstanceHealth implements HealthStore {
  start(): void {}

  stop(): Promise<void> {
    return Promise.resolve();
  }
}
