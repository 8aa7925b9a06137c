import { named, type Named } from '../../src/findings/named';
import type { Logger } from 'winston';
import type { RedisSettings } from '../../src/settings/redis-settings';
import { InstanceHealth, type InstanceHealthParts } from '../../src/trunks/health/instance-health';
import type {
  AttemptReport,
  HealthChange,
  HealthStore,
  TrunkHealth,
} from '../../src/trunks/health/health-store';
import { BadValues } from './bad-values';
import { Keys } from './keys';
import { Leases } from './leases';
import { RedisLink } from './link';
import type { RedisMetrics } from './metrics';
import { SharedCounts } from './shared-counts';
import { SharedStates } from './shared-states';

/** All times in milliseconds. */
export interface PulseTimes {
  /** An instance that has calls checks so often whether it has missed something, and sends its counts. */
  readonly pulse: number;
  /** One without calls, that hears what others publish: of a large fleet most are, at night. */
  readonly idlePulse: number;
  /** So long after its last call it is one. */
  readonly idleAfter: number;
}

const TIMES: PulseTimes = { pulse: 1_000, idlePulse: 5_000, idleAfter: 30_000 };
/** Spreads the instances over time. */
const PULSE_JITTER = 0.2;

export interface RedisStoreParts extends InstanceHealthParts {
  readonly settings: RedisSettings;
  readonly log: Logger;
  readonly metrics: RedisMetrics;
  readonly times?: PulseTimes;
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
  private readonly clock: () => number;
  private readonly times: PulseTimes;
  private workedAt = -Infinity;
  /** The next pulse is that of an instance without calls. */
  private isSlow = false;
  private timer: NodeJS.Timeout | undefined;
  private isBeating = false;
  private stopped = false;
  private writes = 0;

  constructor(parts: RedisStoreParts) {
    const { settings, log, metrics, now, random, instance, changed } = parts;
    super({ ...parts, changed: (change) => this.changedHere(change, changed) });
    this.random = random;
    this.clock = now;
    this.times = parts.times ?? TIMES;
    const keys = new Keys(settings.prefix, settings.isCluster);
    const trials = keys.shards.map((shard) => keys.trial(shard));
    const { channel } = keys;
    const link = new RedisLink({ settings, log, metrics, channel, trials, instance, now });
    const newVersion = () => `${instance}:${++this.writes}`;
    const bad = new BadValues({ log, metrics, now });
    const doubted = () => this.hurry(this.times.pulse);
    const states = new SharedStates({ book: this, link, keys, bad, now, newVersion, doubted });
    this.link = link;
    this.states = states;
    this.counts = new SharedCounts({ book: this, link, keys, states, bad });
    this.leases = new Leases({ book: this, link, keys, states, bad, instance, now, random });
  }

  start(): void {
    this.works();
    this.link.start({
      ready: () => void this.beat(),
      subscribed: () => {
        this.states.distrust();
        // Otherwise `ready` follows: a connection for commands that is not up yet is no loss.
        if (this.link.canSend) void this.beat();
      },
      message: (text) => this.states.learn(text),
      alone: () => {
        this.grantsItself = true;
        this.hurry(this.times.pulse);
      },
      shared: () => this.shareAgain(),
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

  override warnings(): readonly Named[] {
    const problem = this.link.problem();
    if (problem === undefined) return [];
    return [named(problem.finding, `${problem.text}; trunk health is this instance’s own`)];
  }

  override read(trunk: string): TrunkHealth {
    const health = super.read(trunk);
    if (health.access !== 'open') this.leases.wanted(trunk);
    return health;
  }

  override report(report: AttemptReport): void {
    this.works();
    super.report(report);
  }

  override reserve(trunk: string, hunt: string): boolean {
    this.works();
    const reserved = super.reserve(trunk, hunt);
    const isOnTrial = this.far(trunk)?.state().phase === 'half-open';
    if (reserved && isOnTrial && this.link.isShared) this.leases.used(trunk);
    return reserved;
  }

  private changedHere(change: HealthChange, tell: InstanceHealthParts['changed']): void {
    tell?.(change);
    if (change.side !== 'far') return;
    if (!change.learnt) this.works();
    // Time makes every instance's trunk half-open by itself.
    if (!change.learnt && change.to.phase !== 'half-open') this.states.changed(change.trunk);
    this.leases.consider(change.trunk);
  }

  /** It has calls, or something to tell. */
  private works(): void {
    this.workedAt = this.clock();
    this.hurry(0);
  }

  /** Not within the time of an instance without calls. */
  private hurry(delay: number): void {
    if (!this.isSlow) return;
    this.isSlow = false;
    this.scheduleBeat(delay);
  }

  private scheduleBeat(within = this.untilNext()): void {
    clearTimeout(this.timer);
    if (this.stopped) return;
    const delay = within * (1 - PULSE_JITTER * this.random());
    this.timer = setTimeout(() => void this.beat(), delay).unref();
  }

  /** What was missed is looked up late only where nothing is missed that others publish. */
  private untilNext(): number {
    const { pulse, idlePulse, idleAfter } = this.times;
    const isIdle = this.clock() - this.workedAt >= idleAfter;
    this.isSlow = isIdle && this.link.hears && this.states.isSettled;
    return this.isSlow ? idlePulse : Math.max(pulse, this.link.patience);
  }

  private async beat(): Promise<void> {
    if (this.isBeating || this.stopped) return;
    if (this.link.isBetweenConnections) return this.scheduleBeat();
    this.isBeating = true;
    this.states.pulse();
    this.leases.pulse();
    try {
      const isUpToDate = await this.states.isUpToDate();
      const takesWrites = await this.link.takesWrites();
      if (!isUpToDate || !this.link.isShared) await this.states.synchronise(takesWrites);
      this.link.pulsed();
      if (takesWrites) await this.tellCounts();
    } catch (error) {
      this.link.failed('pulse', error, 'read');
    } finally {
      this.isBeating = false;
      this.scheduleBeat();
    }
  }

  private async tellCounts(): Promise<void> {
    try {
      await this.counts.flush();
    } catch (error) {
      this.link.failed('add-counts', error, 'write');
    }
  }

  private shareAgain(): void {
    this.grantsItself = false;
    for (const trunk of this.names()) {
      // Permits that this instance granted itself ignore those of others.
      this.far(trunk)?.revoke();
      this.leases.consider(trunk);
    }
  }
}
