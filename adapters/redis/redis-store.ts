import type { Logger } from 'winston';
import type { RedisSettings } from '../../src/settings/redis-settings';
import { InstanceHealth, type InstanceHealthParts } from '../../src/trunks/health/instance-health';
import type { HealthChange, HealthStore, TrunkHealth } from '../../src/trunks/health/health-store';
import { Keys } from './keys';
import { Leases } from './leases';
import { RedisLink } from './link';
import type { RedisMetrics } from './metrics';
import { SharedCounts } from './shared-counts';
import { SharedStates } from './shared-states';

/** How often an instance checks whether it has missed something, and sends its counts. */
const PULSE_MS = 1_000;
/** Spreads the instances over time. */
const PULSE_JITTER = 0.2;

export interface RedisStoreParts extends InstanceHealthParts {
  readonly settings: RedisSettings;
  readonly log: Logger;
  readonly metrics: RedisMetrics;
}

/**
 * Trunk health shared by all instances on one Redis. All answers come from this process's memory. Without
 * Redis it continues alone, and merges its state when Redis is back.
 */
export class RedisHealthStore extends InstanceHealth implements HealthStore {
  private readonly link: RedisLink;
  private readonly states: SharedStates;
  private readonly counts: SharedCounts;
  private readonly leases: Leases;
  private readonly random: () => number;
  private timer: NodeJS.Timeout | undefined;
  private isBeating = false;
  private stopped = false;
  private writes = 0;

  constructor(parts: RedisStoreParts) {
    const { settings, log, metrics, now, random, instance, changed } = parts;
    super({ ...parts, changed: (change) => this.changedHere(change, changed) });
    this.random = random;
    const keys = new Keys(settings.prefix);
    const link = new RedisLink({ settings, log, metrics, channel: keys.channel });
    const newVersion = () => `${instance}:${++this.writes}`;
    const states = new SharedStates({ book: this, link, keys, now, newVersion });
    this.link = link;
    this.states = states;
    this.counts = new SharedCounts({ book: this, link, keys, states });
    this.leases = new Leases({ book: this, link, keys, states, instance, now, random });
  }

  start(): void {
    this.link.start({
      ready: () => void this.beat(),
      subscribed: () => {
        this.states.distrust();
        // Otherwise `ready` follows: a connection for commands that is not up yet is no loss.
        if (this.link.canSend) void this.beat();
      },
      message: (text) => this.states.learn(text),
      lost: () => (this.grantsItself = true),
    });
    this.scheduleBeat();
  }

  stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    this.leases.stop();
    this.link.stop();
    return Promise.resolve();
  }

  override read(trunk: string): TrunkHealth {
    const health = super.read(trunk);
    if (health.access !== 'open') this.leases.wanted(trunk);
    return health;
  }

  override reserve(trunk: string, hunt: string): boolean {
    const reserved = super.reserve(trunk, hunt);
    const isOnTrial = this.far(trunk)?.state().phase === 'half-open';
    if (reserved && isOnTrial && this.link.reachable) this.leases.used(trunk);
    return reserved;
  }

  private changedHere(change: HealthChange, tell: InstanceHealthParts['changed']): void {
    tell?.(change);
    if (change.side !== 'far') return;
    // Time makes every instance's trunk half-open by itself.
    if (!change.learnt && change.to.phase !== 'half-open') this.states.changed(change.trunk);
    this.leases.consider(change.trunk);
  }

  private scheduleBeat(): void {
    clearTimeout(this.timer);
    if (this.stopped) return;
    const delay = PULSE_MS * (1 - PULSE_JITTER * this.random());
    this.timer = setTimeout(() => void this.beat(), delay).unref();
  }

  private async beat(): Promise<void> {
    if (this.isBeating || this.stopped) return;
    this.isBeating = true;
    try {
      const isUpToDate = await this.states.isUpToDate();
      if (!isUpToDate || !this.link.reachable) await this.states.synchronise();
      this.shareAgain();
      await this.counts.flush();
    } catch (error) {
      this.link.failed('pulse', error);
    } finally {
      this.isBeating = false;
      this.scheduleBeat();
    }
  }

  private shareAgain(): void {
    if (this.link.reachable) return;
    this.link.reached();
    this.grantsItself = false;
    for (const trunk of this.names()) {
      // Permits that this instance granted itself ignore those of others.
      this.far(trunk)?.revoke();
      this.leases.consider(trunk);
    }
  }
}
