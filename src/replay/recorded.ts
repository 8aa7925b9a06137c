import type { FailureClass } from '../model/classes';
import type { Decision } from '../policy/decision/decision';
import type { DecisionInputs } from '../policy/decision/inputs';

/** A call of the journal, with what is needed to decide it again. Times are Unix time in milliseconds. */
export interface RecordedCall {
  readonly hunt: string;
  readonly startedAt: number;
  /** Somebody took it in the end. */
  readonly answered: boolean;
  /** Its attempts, in the order in which they began. */
  readonly tried: readonly RecordedAttempt[];
  /** In the order in which they were made. */
  readonly decisions: readonly RecordedDecision[];
  /** It has more decisions than are kept together. */
  readonly more?: boolean;
}

export interface RecordedAttempt {
  readonly trunk: string;
  readonly beganAt: number;
  /** Absent while it is in progress, and if its end was never told. */
  readonly endedAt?: number | undefined;
  readonly answered: boolean;
}

export interface RecordedDecision {
  readonly at: number;
  /** `route`, `failed`, `invalid-number`. */
  readonly on: string;
  readonly decision: Decision;
  /** Absent if no policy was asked, or if they were not kept. */
  readonly inputs?: DecisionInputs;
}

/** What one trunk did in a period, all calls together. */
export interface TrunkCount {
  readonly trunk: string;
  /** Attempts that have ended. */
  readonly attempts: number;
  readonly answered: number;
  /** There were more; these are the latest. */
  readonly more: boolean;
}

/** What the classes of a call's attempts have become, in their order. */
export type Reclassified = readonly {
  readonly trunk: string;
  readonly was: FailureClass;
  readonly now: FailureClass;
}[];
