import type { FailureClass } from '../model/classes';
import type { Codec } from '../model/media';
import type { RetryBudget, Trunk } from '../policy/policy-data';
import type { PlannableTrunks, Reservation } from '../policy/trunk-port';

/** What another call may use up between a decision and its reservation. */
export type Lost = 'trunk' | 'budget';

/** A hold by a rule. */
export interface RuleHold {
  /** Unix time in milliseconds, on the PBX's clock. */
  readonly from: number;
  /** Milliseconds. */
  readonly ms: number;
  /** The rule, `policy.yaml:14`. */
  readonly why: string;
  /** Class of the failure that the rule matched. */
  readonly class?: FailureClass;
}

/** Trunk state and its changes. Each process has its own. */
export interface TrunkStore extends PlannableTrunks {
  /**
   * Reserves what a decision needs, at once and as a whole. `owner` is the hunt: it has one attempt at a
   * time, so its earlier channel is released.
   * @returns what was used up; then nothing was reserved and the decision must be made again
   */
  commit(
    reservation: Reservation,
    about: { trunk: Trunk | undefined; budget: RetryBudget | undefined },
    owner: string,
    now: number,
  ): Lost | undefined;
  /**
   * A hunt's first attempt that was sent has ended, or was answered.
   * @param ranked of its reservation
   */
  attempted(ranked: string, trunk: string, answered: boolean, now: number): void;
  /** The hunt's attempt, or the call that followed from it, is over. */
  release(owner: string): void;
  /** A rule holds a trunk; a hold never shortens an earlier one. */
  hold(trunk: string, hold: RuleHold): void;
  /** The trunk accepted this offer after it had refused another. */
  learn(trunk: string, codecs: readonly Codec[], now: number): void;
  /**
   * The trunk refused an offer for its media, so the learned offer is wrong.
   * @returns false if nothing was learned
   */
  unlearn(trunk: string): boolean;
}
