import type { Codec } from '../model/media';
import type { RetryBudget, Route, Trunk } from './policy-data';

/** Why a trunk cannot take a call now. */
export interface Obstacle {
  /** `held` by a rule, its health or an operator, `full` at one of its limits, `lost` to another call. */
  readonly kind: 'held' | 'full' | 'lost';
  /** One clause for the operator: `held until 12:00 by policy.yaml:14`. */
  readonly why: string;
  /** When it ends, if known. Unix time in milliseconds. */
  readonly until?: number;
  /**
   * How bad a held trunk is, compared number by number; a first attempt takes the least bad one as its last
   * resort. Absent if no call may go there: a hold by hand or for credit.
   */
  readonly badness?: readonly number[];
}

/**
 * A decision's queries about the trunks. They change nothing; `now` is Unix time in milliseconds, by the
 * PBX's clock. A breaker answers through `obstacle` like a hold.
 */
export interface TrunkState {
  /** Undefined while the trunk can take a call. */
  obstacle(trunk: Trunk, now: number): Obstacle | undefined;
  /** Retries that all calls together may still make now; Infinity without a budget. */
  retriesLeft(budget: RetryBudget | undefined, now: number): number;
  /** The learned offer: codecs to offer this trunk first; undefined for its usual ones. */
  offer(trunk: string, now: number): readonly Codec[] | undefined;
  /** Number of hunts begun on a round-robin route, by the route's digits. */
  turn(route: string): number;
  /** How the trunks of a route with `strategy: best` stand. */
  ranking(route: Route, now: number): Ranking | undefined;
}

/** The trunks of a route by what is known of their quality. */
export interface Ranking {
  /** The best one first. */
  readonly order: readonly string[];
  /** One clause for the operator: `carrier-b (ASR 62% of 210), carrier-a (ASR 41% of 180)`. */
  readonly why: string;
}

/** What a decision consumes. */
export interface Reservation {
  readonly trunk: string;
  /** Takes one retry of the budget; otherwise the attempt is a new call, which adds to the budget. */
  readonly retry: boolean;
  /** Pause before the attempt starts. Milliseconds. */
  readonly delayMs?: number;
  /** Route whose turn is used up. */
  readonly turn?: string;
  /** Ranking that the attempt counts for, see `rankingKey`. */
  readonly ranked?: string;
  /** Counted, never refused: an emergency call. */
  readonly unconditional?: true;
  /** Counted, never refused: the PBX has begun it by a plan. */
  readonly begun?: true;
  /** Every trunk is held; this is the least bad one. */
  readonly lastResort?: true;
}

/** Queries that only planning makes. */
export interface PlannableTrunks extends TrunkState {
  /** Whether the trunk may refuse a call: it limits concurrent calls or starts, or takes only probe calls. */
  rationed(trunk: Trunk): boolean;
}
