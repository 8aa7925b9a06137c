import type { Logger } from 'winston';
import { named, type Named } from '../../src/findings/named';
import type { Trunk } from '../../src/policy/policy-data';
import type { RedisSettings } from '../../src/settings/redis-settings';
import { FleetShares } from '../../src/trunks/limits/shares/fleet-shares';
import type { Holding, ShareAnswer, ShareAsked } from '../../src/trunks/limits/shares/limit-share';
import type { LimitUse } from '../../src/trunks/limits/shares/share';
import type { BadValues } from './bad-values';
import { Keys } from './keys';
import type { RedisMetrics } from './metrics';
import { Crowd } from './crowd';
import { commandConnection } from './connect';
import type { PulseReply, ScriptedPipeline, ScriptedRedis, ShareReply } from './scripts';
import { valuesOf } from './shared-states';

/** All times in milliseconds. */
export interface ShareTimes {
  readonly pulse: number;
  /** Nobody gets what an instance has that was not heard of for less than this: its calls may go on. */
  readonly lease: number;
  /**
   * In a Redis without a past nobody gets more than it had for so long: every instance that sees it has said by then
   * that it is there.
   */
  readonly settle: number;
  /** Where nobody was there for so long, Redis was away, and leases may have ended that are still used. */
  readonly gap: number;
  /** All instances are looked at as often as that at least; where they are few, more often: a millisecond for each. */
  readonly look: number;
}

const TIMES: ShareTimes = { pulse: 1_000, lease: 60_000, settle: 3_000, gap: 10_000, look: 5_000 };
/** Spreads the instances over time. */
const PULSE_JITTER = 0.2;
/** Another instance has the turn, where there is less than one for each. */
const TURN_MS = 10_000;
/** Of the latest changes. Whoever has missed more looks at everything. */
const CHANGES_KEPT = 1_024;
/** Redis may be as slow as that at the start before an instance goes without it. */
const FIRST_WORD_MS = 1_000;
/** Limits asked for in one round trip; what many instances ask for at once takes a Redis longer than one command may. */
const ASKED = { first: 100, least: 10, most: 1_000 };
/** An answer within that lets the next pulse ask for more. Above twice that: for less. */
const SOON_MS = 200;
/** Of an instance that shares limits. */
const CONNECTIONS_EACH = 3;
const SAID_AGAIN_MS = 60_000;
/** Of what Redis says of an error. */
const LONGEST_WHY = 200;

export interface SharedLimitsParts {
  readonly settings: RedisSettings;
  readonly log: Logger;
  readonly metrics: Pick<RedisMetrics, 'failures'>;
  readonly bad: BadValues;
  /** Whoever comes after this one by the same name takes its share over at once. */
  readonly instance: string;
  /** Unix time in milliseconds. */
  readonly now: () => number;
  readonly random: () => number;
  readonly times?: ShareTimes;
}

/**
 * Shares of limits, in a book in Redis on a connection of its own. Nothing waits for it: decisions read what this
 * instance has, and without Redis it keeps that.
 */
export class SharedLimits {
  readonly shares: FleetShares;
  private readonly crowd = new Crowd();
  private readonly redis: ScriptedRedis;
  private readonly keys: Keys;
  private readonly times: ShareTimes;
  private use: LimitUse = { use: () => 0 };
  private timer: NodeJS.Timeout | undefined;
  private pulse: Promise<void> | undefined;
  private stopped = false;
  private requests = 0;
  private askedAtOnce = ASKED.first;
  private version = '';
  private trouble: string | undefined;
  private startedAt = 0;
  private isStarted = false;
  private isSaid = false;
  private saidAt = -Infinity;

  constructor(private readonly parts: SharedLimitsParts) {
    const { settings, instance } = parts;
    this.keys = new Keys(settings.prefix, settings.isCluster);
    this.times = parts.times ?? TIMES;
    this.shares = new FleetShares(instance);
    this.redis = commandConnection(settings, 'crankback-limits', this.crowd);
    this.redis.on('error', (error) => this.fail(error));
    this.redis.on('close', () => this.fail('connection closed'));
    // Another one, perhaps: what was changed in it is not known.
    this.redis.on('ready', () => {
      this.version = '';
      this.beatNow();
    });
  }

  /** Trunks of the policy in force. */
  configure(trunks: Iterable<Trunk>): void {
    this.shares.configure(trunks);
    if (this.isStarted) this.connect();
    if (this.redis.status === 'ready') this.beatNow();
  }

  start(use: LimitUse): void {
    this.use = use;
    this.startedAt = this.parts.now();
    this.isStarted = true;
    this.connect();
    this.schedule();
  }

  /** Not before there is a limit to share: in a large fleet every connection counts. */
  private connect(): void {
    if (this.shares.isEmpty || this.redis.status !== 'wait') return;
    this.redis.connect().catch(() => undefined);
  }

  /** For the readiness report. */
  warnings(): readonly Named[] {
    const { trouble } = this;
    if (trouble === undefined || this.shares.isEmpty) return [];
    return [named('CB5010', `limits: ${trouble}; each instance keeps the share that it has`)];
  }

  /** Gives back what is not in use, for a bounded time. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.pulse;
    const asked = this.shares.leave(this.use, this.parts.now());
    if (this.redis.status === 'ready' && asked.length > 0)
      await this.ask(asked).catch(() => undefined);
    this.redis.disconnect();
  }

  private schedule(): void {
    if (this.stopped) return;
    clearTimeout(this.timer);
    const delay = this.times.pulse * (1 - PULSE_JITTER * this.parts.random());
    this.timer = setTimeout(() => this.beatNow(), delay).unref();
  }

  private beatNow(): void {
    if (this.pulse || this.stopped) return;
    this.pulse = this.beat().finally(() => {
      this.pulse = undefined;
      this.schedule();
    });
  }

  private async beat(): Promise<void> {
    if (this.redis.status !== 'ready') {
      if (this.parts.now() - this.startedAt >= FIRST_WORD_MS) this.shares.alone();
      return;
    }
    if (this.shares.isEmpty) return;
    const { now } = this.parts;
    try {
      await this.ask([]);
      const asked = this.shares.asks(this.use, now(), this.askedAtOnce);
      if (asked.length > 0) await this.ask(asked);
      const given = this.shares.gives(asked, this.use, now());
      if (given.length > 0) await this.ask(given);
      this.recover();
    } catch (error) {
      this.fail(error);
    }
  }

  /** One round trip. Before each, who is there: another Redis may have taken over since. */
  private async ask(asked: readonly ShareAsked[]): Promise<void> {
    const pipeline = this.redis.pipeline();
    const { members, changes, places } = this.keys;
    const { instance } = this.parts;
    const { lease, gap, settle, look } = this.times;
    pipeline.fleetPulse(
      members,
      changes,
      places,
      instance,
      lease,
      this.version,
      gap,
      settle,
      this.shares.toldEpoch,
      CHANGES_KEPT,
      look,
    );
    for (const one of asked) this.put(pipeline, one);
    const since = performance.now();
    let replies: unknown[];
    try {
      replies = valuesOf(await pipeline.exec());
      this.pace(performance.now() - since, asked.length);
    } catch (error) {
      this.pace(Infinity, asked.length);
      for (const one of asked) this.shares.take(one, undefined);
      throw error;
    }
    this.hear(replies[0] as PulseReply);
    for (const [index, one] of asked.entries())
      this.shares.take(one, this.answer(one, replies[index + 1] as ShareReply));
  }

  /** So many instances as there are share one Redis. */
  private pace(ms: number, asked: number): void {
    const { least, most } = ASKED;
    if (ms > 2 * SOON_MS) this.askedAtOnce = Math.max(least, Math.floor(this.askedAtOnce / 2));
    else if (ms < SOON_MS && asked >= this.askedAtOnce)
      this.askedAtOnce = Math.min(most, 2 * this.askedAtOnce);
  }

  private put(pipeline: ScriptedPipeline, asked: ShareAsked): void {
    const { keys } = this;
    const { trunk, kind, limit, held, wanted, used, need } = asked;
    // By the clock, so that they are behind those of an earlier instance by this name.
    this.requests = Math.max(this.requests + 1, Math.floor(this.parts.now()));
    pipeline.askShare(
      keys.shares(trunk, kind),
      keys.members,
      keys.changes,
      keys.sum(trunk, kind),
      this.parts.instance,
      this.requests,
      limit ?? '',
      held ?? '',
      wanted,
      used,
      need,
      `${kind}:${trunk}`,
      CHANGES_KEPT,
    );
  }

  private hear(reply: PulseReply): void {
    const [wrong, time, epoch, version, all, instances, place, list, changes] = reply;
    if (wrong !== '') this.parts.bad.note('share', wrong);
    this.version = String(version);
    this.crowd.note(instances * CONNECTIONS_EACH);
    this.shares.seen({
      ...{ instances, place, list, epoch },
      turn: Math.floor(time / TURN_MS),
      changed: all === 1 ? undefined : changes,
    });
  }

  private answer({ trunk }: ShareAsked, reply: ShareReply): ShareAnswer {
    const [answered, share, limit, young, wrong, among, ...rest] = reply;
    if (wrong !== '') this.parts.bad.note('share', wrong, trunk);
    if (answered === 0) this.requests = Math.max(this.requests, share);
    const others: Holding[] = [];
    for (let index = 0; index + 3 < rest.length; index += 4) {
      const [of, its, used, need] = rest.slice(index, index + 4);
      others.push({
        instance: String(of),
        share: Number(its),
        used: Number(used),
        need: Number(need),
      });
    }
    return {
      share: answered === 1 && share >= 0 ? share : undefined,
      limit,
      others,
      among,
      young: young === 1,
    };
  }

  private fail(error: unknown): void {
    if (this.stopped) return;
    this.shares.alone();
    const { log, metrics, now } = this.parts;
    const why = (error instanceof Error ? error.message : String(error)).slice(0, LONGEST_WHY);
    metrics.failures.inc({ command: 'shares' });
    this.trouble ??= why;
    // A Redis that comes and goes must not fill the log.
    if (this.isSaid || this.shares.isEmpty || now() - this.saidAt < SAID_AGAIN_MS) return;
    this.isSaid = true;
    this.saidAt = now();
    log.warn('limits are not shared: each instance keeps the share that it has', {
      finding: 'CB5010',
      why,
    });
  }

  private recover(): void {
    this.trouble = undefined;
    if (this.isSaid) this.parts.log.info('limits are shared through Redis again');
    this.isSaid = false;
  }
}
