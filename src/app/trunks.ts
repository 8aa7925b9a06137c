import { randomUUID } from 'node:crypto';
import { LearnedOffers } from '../codecs/learned';
import type { Named } from '../findings/named';
import type { Policy } from '../policy/policy';
import type { Settings } from '../settings/settings';
import type { HealthStore } from '../trunks/health/health-store';
import type { HealthChange } from '../trunks/health/health-store';
import { LimitsAndHealth } from '../trunks/limits-and-health';
import { InProcessTrunks } from '../trunks/limits/trunk-limits';
import type { Factories } from './factories';
import type { Instruments } from './instruments';
import { healthOf, showCallsInUse, showHealth } from './trunk-health';

export interface TrunksParts {
  readonly settings: Settings;
  readonly factories: Pick<Factories, 'createHealth' | 'createSharedLimits'>;
  /** At the start. */
  readonly policy: Policy;
  /** The policy in force. */
  readonly current: () => Policy;
  readonly changed: (change: HealthChange) => void;
}

/** What is known of trunks: their health, how much of their limits is in use, which codecs they take. */
export interface ServiceTrunks {
  readonly health: HealthStore;
  readonly inUse: InProcessTrunks;
  readonly offers: LearnedOffers;
  /** What deciding asks. */
  readonly trunks: LimitsAndHealth;
  /** The health store's clock never goes back, even if the machine's date does. Unix time in milliseconds. */
  readonly steadyNow: () => number;
  /** Another policy is coming into force. */
  configure(policy: Policy): void;
  start(): void;
  /** For the readiness report. */
  warnings(): readonly Named[];
  /** Resolves when the other instances have been told, after a bounded time. */
  stop(): Promise<void>;
}

/** Not started yet. */
export function createTrunks(
  { settings, factories, policy, current, changed }: TrunksParts,
  { registry, log, now }: Instruments,
): ServiceTrunks {
  const steadyNow = () => performance.timeOrigin + performance.now();
  const health = factories.createHealth({
    ...{ settings, registry, log, changed },
    trunks: healthOf(policy),
    now: steadyNow,
    random: Math.random,
    instance: randomUUID(),
  });
  showHealth(registry, current, health);
  const shared = factories.createSharedLimits({ settings, registry, log, now });
  shared?.configure(policy.trunks.values());
  // A sick carrier is sick for every PBX.
  const offers = new LearnedOffers();
  const inUse = new InProcessTrunks(offers, shared?.shares);
  showCallsInUse(registry, current, inUse);
  return {
    ...{ health, inUse, offers, steadyNow },
    trunks: new LimitsAndHealth(inUse, health),
    configure: (next) => {
      health.configure(healthOf(next));
      shared?.configure(next.trunks.values());
    },
    start: () => {
      health.start();
      shared?.start(inUse);
    },
    warnings: () => [...health.warnings(), ...(shared?.warnings() ?? [])],
    stop: async () => void (await Promise.all([health.stop(), shared?.stop()])),
  };
}
