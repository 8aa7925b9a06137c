import type { Failure } from '../model/failure';
import type { TrunkState } from '../trunks/trunk-store';
import type { Fact } from './facts';
import type { Hunt } from './hunt';
import type { Policy, Route } from './policy';

/** Everything that one decision may look at. */
export interface Situation {
  readonly policy: Policy;
  readonly route: Route | undefined;
  readonly hunt: Hunt;
  readonly failure: Failure;
  /** Facts whose values above must not be looked at. */
  readonly unknown: ReadonlySet<Fact>;
  readonly trunks: TrunkState;
  /** Unix time in milliseconds, on the same clock as `hunt.startedAt`. */
  readonly now: number;
}

/** The trunk of the attempt that has just failed. */
export function failedTrunk({ hunt }: Pick<Situation, 'hunt'>): string | undefined {
  return hunt.attempts.at(-1)?.trunk;
}
