import { travelOf } from '../policy/plan/travel';
import type { WholePolicy } from '../policy/policy';
import type { Route } from '../policy/policy-data';
import { InProcessTrunks } from '../trunks/limits/trunk-limits';

/** The routes for which there is room among what travels while all trunks are free; undefined where that is all of them. */
export function routesWithRoom(policy: WholePolicy): ReadonlySet<Route> | undefined {
  let found: ReadonlySet<Route> | undefined;
  const about = { policy, store: new InProcessTrunks(), reasonsKnown: true, now: 0 };
  travelOf(about, ({ more }, looked) => (found = more ? looked : undefined));
  return found;
}
