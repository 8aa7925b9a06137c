import type { InstanceHealth } from '../../src/trunks/health/instance-health';
import { PROBE_RESULT_MS } from '../../src/trunks/health/breaker/permits';
import { Allowance } from './allowance';
import type { BadValues } from './bad-values';
import type { Keys } from './keys';
import type { RedisLink } from './link';
import type { SharedStates } from './shared-states';

/** After this time without a call, an instance leaves the trunk to others. */
const UNUSED_LEASE_MS = 5_000;
/** An instance without recent calls for the trunk waits this long, so that others go first. */
const IDLE_DELAY_MS = 500;
const DEMAND_MS = 10_000;
/** Spreads instances that wait for the same moment. */
const SPREAD_MS = 50;
/** More than a trunk with short holds needs, however often others say that its state has changed. */
const ASKED_PER_PULSE = 10;
/** What has to wait for another pulse waits so long. */
const NEXT_PULSE_MS = 1_000;

export interface LeasesParts {
  readonly book: InstanceHealth;
  readonly link: RedisLink;
  readonly keys: Keys;
  readonly states: SharedStates;
  readonly bad: BadValues;
  readonly instance: string;
  readonly now: () => number;
  readonly random: () => number;
}

/** Wins permits for half-open trunks in the background, so that no call has to wait for one. */
export class Leases {
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private readonly wantedAt = new Map<string, number>();
  private readonly asked = new Allowance(ASKED_PER_PULSE);

  constructor(private readonly parts: LeasesParts) {}

  /** A pulse has begun. */
  pulse(): void {
    this.asked.renew();
  }

  /** A call would have used the trunk. */
  wanted(trunk: string): void {
    this.wantedAt.set(trunk, this.parts.now());
  }

  /** The trunk's state may have changed: a lease may be available, now or later. */
  consider(trunk: string): void {
    const state = this.parts.book.far(trunk)?.state();
    if (!state || state.phase === 'closed' || state.hold.until === undefined) {
      this.cancel(trunk);
      return;
    }
    this.schedule(trunk, state.hold.until - this.parts.now());
  }

  /** A permit was taken: the lease must last until the call's result. */
  used(trunk: string): void {
    void this.ask(trunk, PROBE_RESULT_MS).catch((error: unknown) => this.failed(error));
  }

  stop(): void {
    for (const trunk of [...this.timers.keys()]) this.cancel(trunk);
  }

  private schedule(trunk: string, delay: number): void {
    this.cancel(trunk);
    const asked = this.parts.now() - (this.wantedAt.get(trunk) ?? -Infinity) < DEMAND_MS;
    const spread = asked ? SPREAD_MS : IDLE_DELAY_MS;
    const wait = Math.max(0, delay) + (asked ? 0 : IDLE_DELAY_MS) + this.parts.random() * spread;
    // setTimeout runs longer delays at once; checking again a day later is enough.
    const timer = setTimeout(() => void this.win(trunk), Math.min(wait, 24 * 3600 * 1000));
    this.timers.set(trunk, timer.unref());
  }

  private cancel(trunk: string): void {
    clearTimeout(this.timers.get(trunk));
    this.timers.delete(trunk);
  }

  private async win(trunk: string): Promise<void> {
    const { bad, book, link } = this.parts;
    const far = book.far(trunk);
    if (!far) return;
    const state = far.state();
    // Without Redis this instance grants its own permits, and checks again when Redis is back.
    if (!link.isShared || state.phase === 'closed') return;
    if (state.phase === 'held') return this.consider(trunk);
    if (!far.wantsLease()) return this.schedule(trunk, UNUSED_LEASE_MS);
    if (!this.asked.take(trunk)) return this.schedule(trunk, NEXT_PULSE_MS);
    const before = this.parts.now();
    try {
      const [granted, ms, wrong] = await this.ask(trunk, UNUSED_LEASE_MS);
      if (wrong !== '') bad.note('lease', wrong, trunk);
      if (granted === 1) {
        // Counted from before the request, so that the lease never lasts longer here than in Redis.
        far.grant(state.hold.id, before + ms);
        // An unused lease is left to others for as long as it lasted.
        this.schedule(trunk, 2 * UNUSED_LEASE_MS);
      } else if (granted === 0) {
        this.schedule(trunk, ms);
      } else {
        this.parts.states.distrust();
        this.schedule(trunk, UNUSED_LEASE_MS);
      }
    } catch (error) {
      this.failed(error);
    }
  }

  private ask(trunk: string, ms: number) {
    const { keys, link, states, instance } = this.parts;
    return link.commands.lease(
      keys.state(trunk),
      keys.lease(trunk),
      states.versionOf(trunk),
      instance,
      ms,
    );
  }

  private failed(error: unknown): void {
    this.parts.link.failed('lease', error, 'write');
  }
}
