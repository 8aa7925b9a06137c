import { modeOfRoute } from '../mode';
import type { Policy } from '../policy';
import type { Route } from '../policy-data';
import type { PlannableTrunks } from '../trunk-port';

/** Of the routes at which `travelOf` has looked. */
export interface TravellingRoutes {
  /** Routes of which calls begin without asking. */
  readonly begin: number;
  /** Of the others, how many ask for a reason, in few words. */
  readonly ask: Readonly<Record<string, number>>;
  /** There are more, behind as many as are looked at; these ask. */
  readonly more: boolean;
}

/** No trunk can be dialled, or not without a decision for each call. */
export const NOT_NOW = 'no trunk to dial now';

/** Why all calls of a route ask, whatever they are, in few words; undefined where that depends on more. */
export function whyAsks(
  policy: Policy,
  route: Route,
  store: PlannableTrunks,
  now: number,
): string | undefined {
  if (route.when) return 'time, caller or context';
  if (route.refuse) return 'refuses';
  if (route.strategy.kind !== 'in-order') return `strategy ${route.strategy.kind}`;
  if (modeOfRoute(policy, route) !== 'decide') return 'mode observe';
  const trunks = route.trunks.flatMap((name) => policy.trunks.get(name) ?? []);
  if (trunks.some(({ callerId }) => callerId !== undefined)) return 'caller_id of a trunk';
  if (trunks.some((trunk) => store.rationed(trunk))) return 'limits of a trunk';
  if (trunks.some(({ name }) => store.offer(name, now) !== undefined))
    return 'codecs that a trunk has refused';
  return undefined;
}
