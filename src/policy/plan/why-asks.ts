import { modeOfRoute } from '../mode';
import type { Policy } from '../policy';
import type { Route, Strategy, Trunk } from '../policy-data';
import type { PlannableTrunks } from '../trunk-port';
import { callersOf } from './callers';

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

const BY_STRATEGY: Readonly<Record<Exclude<Strategy['kind'], 'in-order'>, string>> = {
  'round-robin': 'a turn counts',
  weighted: 'a weight counts',
  best: 'the quality of trunks counts',
};

const LIMITED = 'limits of a trunk count';

/**
 * Why a route's calls ask, by the policy alone, whatever the PBX could be told before a call; undefined where they may begin
 * without asking. Whether each of them does is for `travelOf` to say: its trunks' health and its number count too.
 */
export function whyAsks(policy: Pick<Policy, 'trunks' | 'mode'>, route: Route): string | undefined {
  const { when = {}, refuse, strategy } = route;
  if (refuse) return 'they are refused';
  if (modeOfRoute(policy, route) !== 'decide') return 'they are only observed';
  const [condition] = Object.keys(when);
  if (condition !== undefined) return `their ${condition} counts`;
  if (strategy.kind !== 'in-order') return BY_STRATEGY[strategy.kind];
  const trunks = trunksOf(policy, route);
  if (trunks.some(hasLimits)) return LIMITED;
  return callersOf(trunks) ? undefined : 'caller_id tells callers apart in more than two ways';
}

/** The same, by what is known of the trunks at this moment too. */
export function whyAsksNow(
  policy: Pick<Policy, 'trunks' | 'mode'>,
  route: Route,
  { store, now }: { readonly store: PlannableTrunks; readonly now: number },
): string | undefined {
  const always = whyAsks(policy, route);
  if (always !== undefined) return always;
  const trunks = trunksOf(policy, route);
  if (trunks.some((trunk) => store.rationed(trunk))) return LIMITED;
  const hasRefused = trunks.some(({ name }) => store.offer(name, now) !== undefined);
  return hasRefused ? 'codecs that a trunk has refused count' : undefined;
}

function trunksOf({ trunks }: Pick<Policy, 'trunks'>, route: Route): readonly Trunk[] {
  return route.trunks.flatMap((name) => trunks.get(name) ?? []);
}

function hasLimits({ limits }: Trunk): boolean {
  return limits.concurrentCalls !== undefined || limits.callsPerSecond !== undefined;
}
