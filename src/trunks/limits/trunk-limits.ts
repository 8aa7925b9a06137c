import { LearnedOffers } from '../../codecs/learned';
import type { Codec } from '../../model/media';
import type { RetryBudget, Route, Trunk } from '../../policy/policy-data';
import { Rankings } from '../ranking/rankings';
import { RetryWindow } from './retry-window';
import {
  LIMIT_KINDS,
  type LimitKind,
  type LimitShares,
  type LimitUse,
  type Share,
} from './shares/share';
import { Starts } from './start-rate';
import type { Lost, RuleHold, TrunkStore } from '../trunk-store';
import type { Obstacle, Ranking, Reservation } from '../../policy/trunk-port';

/** A limit of a trunk, as this instance has it. */
export interface LimitSeen {
  /** The policy's key. */
  readonly counts: 'concurrent_calls' | 'calls_per_second';
  /** Calls at once, or starts of the last second and those to come. */
  readonly inUse: number;
  /** Of all instances that share it, if any do. */
  readonly limit: number;
  /** What this instance may use of it; absent: all. */
  readonly share?: number;
  readonly instances?: number;
}

interface Hold {
  readonly until: number;
  readonly why: string;
}

/** Trunk state of one process: holds, channels and starts per trunk, one retry window, turns, rankings, learned offers. */
export class InProcessTrunks implements TrunkStore, LimitUse {
  private readonly holds = new Map<string, Hold>();
  private readonly starts = new Map<string, Starts>();
  /** Hunt → the trunk that now carries its attempt or call. */
  private readonly channels = new Map<string, string>();
  private readonly inUse = new Map<string, number>();
  private readonly retries = new RetryWindow();
  private readonly turns = new Map<string, number>();
  private readonly rankings = new Rankings();

  /** @param shares of limits that hold for several instances; absent: each limit is this process's */
  constructor(
    private readonly learned = new LearnedOffers(),
    private readonly shares?: LimitShares,
  ) {}

  obstacle(trunk: Trunk, now: number): Obstacle | undefined {
    return this.held(trunk.name, now) ?? this.full(trunk, now);
  }

  retriesLeft(budget: RetryBudget | undefined, now: number): number {
    return budget ? this.retries.left(budget, now) : Infinity;
  }

  offer(trunk: string, now: number): readonly Codec[] | undefined {
    return this.learned.offerFor(trunk, now);
  }

  learn(trunk: string, codecs: readonly Codec[], now: number): void {
    this.learned.accepted(trunk, codecs, now);
  }

  unlearn(trunk: string): boolean {
    return this.learned.refused(trunk);
  }

  turn(route: string): number {
    return this.turns.get(route) ?? 0;
  }

  ranking(route: Route, now: number): Ranking {
    return this.rankings.ranking(route, now);
  }

  attempted(ranked: string, trunk: string, answered: boolean, now: number): void {
    this.rankings.attempted(ranked, trunk, answered, now);
  }

  commit(
    reservation: Reservation,
    about: { trunk: Trunk | undefined; budget: RetryBudget | undefined },
    owner: string,
    now: number,
  ): Lost | undefined {
    const { trunk: name, retry, delayMs = 0, turn, unconditional, begun } = reservation;
    this.release(owner);
    const startsAt = now + delayMs;
    if (!unconditional && !begun) {
      if (about.trunk && this.held(name, now)) return 'trunk';
      if (about.trunk && this.full(about.trunk, startsAt)) return 'trunk';
      if (retry && this.retriesLeft(about.budget, now) < 1) return 'budget';
    }
    if (!unconditional) this.retries.count(retry ? 'retries' : 'calls', now);
    if (turn !== undefined) this.turns.set(turn, this.turn(turn) + 1);
    this.channels.set(owner, name);
    this.inUse.set(name, this.inUseOn(name) + 1);
    this.countStart(about.trunk, startsAt, now);
    return undefined;
  }

  rationed({ limits }: Trunk): boolean {
    return limits.concurrentCalls !== undefined || limits.callsPerSecond !== undefined;
  }

  release(owner: string): void {
    const name = this.channels.get(owner);
    if (name === undefined) return;
    this.channels.delete(owner);
    this.inUse.set(name, this.inUseOn(name) - 1);
  }

  hold(trunk: string, { from, ms, why }: RuleHold): void {
    const until = from + ms;
    const known = this.holds.get(trunk);
    if (!known || known.until < until) this.holds.set(trunk, { until, why });
  }

  /** Number of calls on a trunk now, attempts included. */
  inUseOn(trunk: string): number {
    return this.inUse.get(trunk) ?? 0;
  }

  /** Of a trunk without a limit nothing is kept: the first second of a new limit counts what starts in it. */
  private countStart(trunk: Trunk | undefined, at: number, now: number): void {
    if (trunk?.limits.callsPerSecond === undefined) return;
    const starts = this.starts.get(trunk.name) ?? new Starts();
    this.starts.set(trunk.name, starts);
    starts.add(at, now);
  }

  private held(name: string, now: number): Obstacle | undefined {
    const hold = this.holds.get(name);
    if (!hold || hold.until <= now) return undefined;
    const until = new Date(hold.until).toISOString();
    return { kind: 'held', why: `held until ${until} by ${hold.why}`, until: hold.until };
  }

  /** Calls at once, or starts of the last second and those to come. */
  use(trunk: string, kind: LimitKind, now: number): number {
    return kind === 'calls' ? this.inUseOn(trunk) : (this.starts.get(trunk)?.recent(now) ?? 0);
  }

  /** @param now Unix time in milliseconds, by the PBX's clock */
  limitsOf({ name, limits }: Trunk, now: number): readonly LimitSeen[] {
    return LIMIT_KINDS.flatMap((kind) => {
      const limit = kind === 'calls' ? limits.concurrentCalls : limits.callsPerSecond;
      if (limit === undefined) return [];
      const share = limits.perInstance ? undefined : this.shares?.of(name, kind);
      return {
        counts: KEYS[kind],
        inUse: this.use(name, kind, now),
        limit: share?.limit ?? limit,
        ...(share && { share: share.mine ?? 0, instances: share.instances }),
      };
    });
  }

  private full(trunk: Trunk, at: number): Obstacle | undefined {
    const why = this.whyFull(trunk, 'calls', at) ?? this.whyFull(trunk, 'starts', at);
    return why === undefined ? undefined : { kind: 'full', why };
  }

  private whyFull({ name, limits }: Trunk, kind: LimitKind, at: number): string | undefined {
    const limit = kind === 'calls' ? limits.concurrentCalls : limits.callsPerSecond;
    if (limit === undefined) return undefined;
    const share = limits.perInstance ? undefined : this.shares?.of(name, kind);
    const mine = share ? (share.mine ?? 0) : limit;
    const used = kind === 'calls' ? this.inUseOn(name) : (this.starts.get(name)?.around(at) ?? 0);
    if (used < mine) return undefined;
    this.shares?.refused(name, kind);
    return share ? whyShare(share, used, WORDS[kind]) : `${limit} ${WORDS[kind]}`;
  }
}

const KEYS = { calls: 'concurrent_calls', starts: 'calls_per_second' } as const;
const WORDS: Readonly<Record<LimitKind, string>> = {
  calls: 'calls at once',
  starts: 'calls per second',
};

function whyShare({ mine, limit, instances }: Share, used: number, what: string): string {
  if (mine === undefined) return `its share of ${limit} ${what} is not known yet`;
  return `${used} of its ${mine} ${what} (share of ${limit} over ${instances} ${instances === 1 ? 'instance' : 'instances'})`;
}
