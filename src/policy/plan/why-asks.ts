import { modeOfRoute } from '../mode';
import type { Policy } from '../policy';
import type { Route, Strategy, Trunk } from '../policy-data';
import { callersOf } from './callers';

const BY_STRATEGY: Readonly<Record<Exclude<Strategy['kind'], 'in-order'>, string>> = {
  'round-robin': 'a turn counts',
  weighted: 'a weight counts',
  best: 'the quality of trunks counts',
};

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
  const trunks = route.trunks.flatMap((name) => policy.trunks.get(name) ?? []);
  const limited = trunks.find(hasLimits);
  if (limited) return `the limits of ${limited.name} count`;
  return callersOf(trunks) ? undefined : 'caller_id tells callers apart in more than two ways';
}

function hasLimits({ limits }: Trunk): boolean {
  return limits.concurrentCalls !== undefined || limits.callsPerSecond !== undefined;
}
