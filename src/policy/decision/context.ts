import type { Policy } from '../policy';
import type { Situation } from '../situation';
import type { TrunkState } from '../trunk-port';

/** All inputs of one decision: what rules see, the policy and the trunks. */
export interface DecisionContext extends Situation {
  readonly policy: Policy;
  readonly trunks: TrunkState;
}
