import type { Failure } from '../../model/failure';
import type { Hunt } from '../hunt';
import type { TrunkSnapshot } from '../trunk-snapshot';

/** All that a decision was made of, beside the policy; plain data. */
export interface DecisionInputs {
  /** The policy in force then. */
  readonly policyHash: string;
  readonly hunt: Hunt;
  /** Absent for a first attempt. */
  readonly failure?: Failure;
  readonly trunks: TrunkSnapshot;
  /** Unix time in milliseconds, by the PBX's clock. */
  readonly now: number;
}
