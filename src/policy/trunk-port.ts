import type { Codec } from '../model/media';
import type { RetryBudget, Trunk } from './policy-data';

/** Why a trunk cannot take a call now. */
export interface Obstacle {
  /** `held` by a rule (later: by its health), `full` at one of its limits, `lost` to another call. */
  readonly kind: 'held' | 'full' | 'lost';
  /** One clause for the operator: `held until 12:00 by policy.yaml:14`. */
  readonly why: string;
  /** When it ends, if that is known. Unix time in milliseconds. */
  readonly until?: number;
  /**
   * How bad a held trunk is, compared number by number: the least bad one is the last resort of a first
   * attempt. Absent where nothing may go there: a hold by hand or for credit.
   */
  readonly badness?: readonly number[];
}

/**
 * What a decision may ask of the trunks. Asking changes nothing; `now` is Unix time in milliseconds, by the
 * PBX's clock. A breaker answers through `obstacle` like a hold.
 */
export interface TrunkState {
  /** Undefined while the trunk can take a call. */
  obstacle(trunk: Trunk, now: number): Obstacle | undefined;
  /** Retries that all calls together may still make now; Infinity without a budget. */
  retriesLeft(budget: RetryBudget | undefined, now: number): number;
  /** What an accepted re-offer has taught: what to offer this trunk first; undefined for the usual. */
  offer(trunk: string, now: number): readonly Codec[] | undefined;
  /** How many hunts have begun on a route with round robin, by the route's digits. */
  turn(route: string): number;
}

/** What a decision consumes. */
export interface Reservation {
  readonly trunk: string;
  /** Takes one retry of the budget; otherwise the attempt counts as a new call, which adds to it. */
  readonly retry: boolean;
  /** Pause before the attempt starts. Milliseconds. */
  readonly delayMs?: number;
  /** Route whose turn is used up. */
  readonly turn?: string;
  /** Counted, never refused: an emergency call. */
  readonly unconditional?: true;
  /** Counted, never refused: the PBX has begun it by a plan. */
  readonly begun?: true;
  /** Every trunk is held; this is the least bad one. */
  readonly lastResort?: true;
}

/** What planning asks besides. */
export interface PlannableTrunks extends TrunkState {
  /**
   * Whether a call on this trunk needs something that it may be refused: a channel of a limited number,
   * a start, a permit to try it again.
   */
  rationed(trunk: Trunk): boolean;
}
