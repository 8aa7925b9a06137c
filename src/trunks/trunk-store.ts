import type { FailureClass } from '../model/classes';
import type { Codec } from '../model/media';
import type { RetryBudget, Trunk } from '../policy/policy-data';
import type { PlannableTrunks, Reservation } from '../policy/trunk-port';

/** What may run out between a decision and its reservation. */
export type Lost = 'trunk' | 'budget';

/** A hold that a rule asks for. */
export interface RuleHold {
  /** Unix time in milliseconds, on the PBX's clock. */
  readonly from: number;
  /** Milliseconds. */
  readonly ms: number;
  /** The rule, `policy.yaml:14`. */
  readonly why: string;
  /** Of the failure that the rule matched. */
  readonly class?: FailureClass;
}

/** Trunk state with what changes it. One per process; with several processes, each has its own. */
export interface TrunkStore extends PlannableTrunks {
  /**
   * Takes what a decision needs, at once and as a whole. `owner` is the hunt: it has one attempt at a
   * time, so its earlier channel is given back.
   * @returns what was not to be had; then nothing was taken, and the decision must be made again
   */
  commit(
    reservation: Reservation,
    about: { trunk: Trunk | undefined; budget: RetryBudget | undefined },
    owner: string,
    now: number,
  ): Lost | undefined;
  /** The hunt's attempt, or the call that came of it, is over. */
  release(owner: string): void;
  /** A rule takes a trunk out of the way; a hold never shortens an earlier one. */
  hold(trunk: string, hold: RuleHold): void;
  /** The trunk took this offer after it had refused another one. */
  learn(trunk: string, codecs: readonly Codec[], now: number): void;
  /** The trunk refused an offer for its media: what was learned is wrong. False where nothing was. */
  unlearn(trunk: string): boolean;
}
