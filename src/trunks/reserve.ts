import type { Decision } from '../policy/decision/decision';
import type { Hunt } from '../policy/hunt';
import type { Policy } from '../policy/policy';
import { frozen, snapshot, type TrunkSnapshot } from '../policy/trunk-snapshot';
import type { TrunkStore } from './trunk-store';
import type { Obstacle, TrunkState } from '../policy/trunk-port';

const LOST: Obstacle = { kind: 'lost', why: 'taken by another call at the same moment' };

/**
 * Decides and reserves what the decision needs. If another call took something in between, decides again
 * without it. Ends because each round loses one trunk, or the budget.
 * @returns the decision, and what it saw of the trunks
 */
export function decideAndReserve(
  decide: (trunks: TrunkState) => Decision,
  about: { readonly policy: Policy; readonly hunt: Hunt; readonly owner: string },
  store: TrunkStore,
  now: number,
): { readonly decision: Decision; readonly trunks: TrunkSnapshot } {
  const { policy, hunt, owner } = about;
  const lost: Record<string, Obstacle> = {};
  let budgetLost = false;
  for (;;) {
    const seen = snapshot(store, policy, hunt, now);
    const trunks: TrunkSnapshot = {
      ...seen,
      obstacles: { ...seen.obstacles, ...lost },
      ...(budgetLost && { retriesLeft: 0 }),
    };
    const decision = decide(frozen(trunks));
    const { reserve } = decision;
    if (!reserve) return { decision, trunks };
    const limits = { trunk: policy.trunks.get(reserve.trunk), budget: policy.limits.retryBudget };
    const refused = store.commit(reserve, limits, owner, now);
    // Nothing can be lost twice; a store that says so must not stop the call.
    const again = refused === 'trunk' ? reserve.trunk in lost : budgetLost;
    if (refused === undefined || again) return { decision, trunks };
    if (refused === 'trunk') lost[reserve.trunk] = LOST;
    else budgetLost = true;
  }
}
