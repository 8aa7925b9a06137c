import type { Failure } from '../model/failure';
import type { LegTimes } from '../model/leg-times';
import type { Decision } from '../policy/decision/decision';
import type { DecisionInputs } from '../policy/decision/inputs';
import type { WholePolicy } from '../policy/policy';

/** A call as the journal tells it whole. Times are Unix time in milliseconds. */
export interface CallOfRecord {
  readonly hunt: string;
  readonly startedAt: number;
  readonly endedAt?: number | undefined;
  readonly fellBack: boolean;
  readonly legs: readonly LegOfRecord[];
  readonly decisions: readonly DecisionOfRecord[];
}

export interface LegOfRecord {
  readonly trunk: string;
  readonly answered: boolean;
  /** Answered after it had been given up. */
  readonly late: boolean;
  readonly times?: LegTimes | undefined;
  readonly failure?: Failure | undefined;
}

export interface DecisionOfRecord {
  /** What was decided on: `route`, `failed`, `invalid-number`. */
  readonly on: string;
  readonly notCarriedOut?: string | undefined;
  readonly decision: Decision;
  readonly inputs?: DecisionInputs | undefined;
}

/** A policy that decided, and its file as plain values. */
export interface PolicyOfRecord {
  readonly policy: WholePolicy;
  readonly written: unknown;
}

/** Why no scenario can be made of a call; the message is for the operator. */
export class NotPlayable extends Error {
  override readonly name = 'NotPlayable';
}
