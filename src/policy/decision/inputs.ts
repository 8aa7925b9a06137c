import type { Failure } from '../../model/failure';
import type { Hunt } from '../hunt';
import type { TrunkSnapshot } from '../trunk-snapshot';

/** All inputs of a decision except the policy, as plain data. */
export interface DecisionInputs {
  /** Hash of the policy in force then. */
  readonly policyHash: string;
  readonly hunt: Hunt;
  /** Absent for a first attempt. */
  readonly failure?: Failure;
  readonly trunks: TrunkSnapshot;
  /** Unix time in milliseconds, by the PBX's clock. */
  readonly now: number;
}
