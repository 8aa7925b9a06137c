import type { MismatchCause } from './mismatch-cause';
import type { Remedy } from './remedy';

/** One way in which both sides disagree. */
export interface MediaDifference {
  readonly cause: MismatchCause;
  /** One clause, without a full stop. */
  readonly why: string;
  /** Changes of our offer that end it; empty if none is known. */
  readonly remedies: readonly Remedy[];
  /** The change to make where the PBX cannot make the others. */
  readonly instead?: Remedy;
  /** A difference that seldom leads to a refusal: told only if there is no other. */
  readonly weak?: true;
}
