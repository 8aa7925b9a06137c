import type { Failure } from '../../model/failure';
import type { Hunt } from '../hunt';
import { ofPbx } from '../of-pbx';
import type { Policy } from '../policy';
import type { TrunkSnapshot } from '../trunk-snapshot';

/** All inputs of a decision except the policy, as plain data. */
export interface DecisionInputs {
  /** Hash of the policy in force then. */
  readonly policyHash: string;
  /** The PBX whose part of that policy counted; absent: the policy is the same for all. See `ofPbx`. */
  readonly pbx?: string;
  readonly hunt: Hunt;
  /** Absent for a first attempt. */
  readonly failure?: Failure;
  readonly trunks: TrunkSnapshot;
  /** Unix time in milliseconds, by the PBX's clock. */
  readonly now: number;
}

/** What a decision's inputs say of the policy that makes it. */
export function saysOfPolicy({ hash, pbx }: Policy): Pick<DecisionInputs, 'policyHash' | 'pbx'> {
  return { policyHash: hash, ...(pbx !== undefined && { pbx }) };
}

/** The policy as it counts for these inputs. */
export function asFor<P extends Policy>(policy: P, { pbx }: Pick<DecisionInputs, 'pbx'>): P {
  return pbx === undefined ? policy : ofPbx(policy, pbx);
}
