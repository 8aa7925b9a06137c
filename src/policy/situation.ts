import type { Failure } from '../model/failure';
import type { Fact } from './facts';
import type { Hunt } from './hunt';
import type { Route } from './policy-data';
import type { LocalClock } from './rules/time';

/** Everything that a rule's `when` may look at. */
export interface Situation {
  readonly route: Route | undefined;
  readonly hunt: Hunt;
  readonly failure: Failure;
  /** Facts whose values must not be used. */
  readonly unknown: ReadonlySet<Fact>;
  /** The wall clock of the policy's time zone; absent without one. */
  readonly clock: LocalClock | undefined;
  /** Unix time in milliseconds, on the same clock as `hunt.startedAt`. */
  readonly now: number;
}

/** The trunk of the attempt that has just failed. */
export function failedTrunk({ hunt }: Pick<Situation, 'hunt'>): string | undefined {
  return hunt.attempts.at(-1)?.trunk;
}
