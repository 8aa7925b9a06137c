import type { Codec } from '../model/media';
import type { RetryBudget, Route, Trunk } from '../policy/policy-data';
import { badnessOf } from './health/breaker/badness';
import type { Lost, RuleHold, TrunkStore } from './trunk-store';
import type { Obstacle, Ranking, Reservation } from '../policy/trunk-port';
import type { HealthStore, TrunkHealth } from './health/health-store';

/** Limits and health of the trunks together, for decisions and their reservations. */
export class LimitsAndHealth implements TrunkStore {
  constructor(
    private readonly limits: TrunkStore,
    private readonly health: HealthStore,
  ) {}

  obstacle(trunk: Trunk, now: number): Obstacle | undefined {
    return heldBy(this.health.read(trunk.name)) ?? this.limits.obstacle(trunk, now);
  }

  retriesLeft(budget: RetryBudget | undefined, now: number): number {
    return this.limits.retriesLeft(budget, now);
  }

  offer(trunk: string, now: number): readonly Codec[] | undefined {
    return this.limits.offer(trunk, now);
  }

  learn(trunk: string, codecs: readonly Codec[], now: number): void {
    this.limits.learn(trunk, codecs, now);
  }

  unlearn(trunk: string): boolean {
    return this.limits.unlearn(trunk);
  }

  turn(route: string): number {
    return this.limits.turn(route);
  }

  ranking(route: Route, now: number): Ranking | undefined {
    return this.limits.ranking(route, now);
  }

  attempted(ranked: string, trunk: string, answered: boolean, now: number): void {
    this.limits.attempted(ranked, trunk, answered, now);
  }

  commit(
    reservation: Reservation,
    about: { trunk: Trunk | undefined; budget: RetryBudget | undefined },
    owner: string,
    now: number,
  ): Lost | undefined {
    const lost = this.limits.commit(reservation, about, owner, now);
    const { unconditional, begun, lastResort } = reservation;
    if (lost !== undefined || unconditional || begun || lastResort) return lost;
    if (this.health.reserve(reservation.trunk, owner)) return undefined;
    this.limits.release(owner);
    return 'trunk';
  }

  rationed(trunk: Trunk): boolean {
    return this.limits.rationed(trunk) || this.health.read(trunk.name).access === 'probe';
  }

  release(owner: string): void {
    this.limits.release(owner);
  }

  hold(trunk: string, { ms, why, class: failureClass }: RuleHold): void {
    this.health.hold(trunk, {
      by: 'rule',
      why: `held by ${why}`,
      for: ms,
      ...(failureClass && { class: failureClass }),
    });
  }
}

function heldBy(health: TrunkHealth): Obstacle | undefined {
  const { access, hold } = health;
  if (access !== 'held' || !hold) return undefined;
  return {
    kind: 'held',
    why: hold.why,
    ...(hold.until !== undefined && Number.isFinite(hold.until) && { until: hold.until }),
    ...(!hold.absolute && { badness: badnessOf(health) }),
  };
}
