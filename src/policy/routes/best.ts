import type { Leg } from '../decision/decision';
import type { Hunt } from '../hunt';
import type { Route } from '../policy-data';
import type { Ranking } from '../trunk-port';
import { shareOf } from './draw';
import { routeName } from './route-index';

/** Share of first attempts that each other trunk than the best one gets, so that something is known of it. */
const TRIED = 1 / 20;
/** Of all others together at most. */
const TRIED_AT_MOST = 1 / 5;

/** Names the ranking of a route: calls of one that has other trunks count for another one. */
export function rankingKey(route: Pick<Route, 'digits' | 'trunks'>): string {
  return `${routeName(route)}: ${route.trunks.join(' ')}`;
}

/**
 * The leg on the trunk that stands best. A few first attempts go to one of the others, by the hunt's draw; a retry never does.
 * @param legs at least one
 * @param ranking absent: the route's own order
 */
export function best(
  legs: readonly Leg[],
  ranking: Ranking | undefined,
  hunt: Hunt,
): {
  readonly leg: Leg;
  readonly why: string;
} {
  const { order = [], why = '' } = ranking ?? {};
  const place = ({ trunk }: Leg) => {
    const index = order.indexOf(trunk);
    return index < 0 ? order.length : index;
  };
  const [first, ...others] = [...legs].sort((one, other) => place(one) - place(other)) as [
    Leg,
    ...Leg[],
  ];
  const tried = hunt.attempts.length === 0 ? others[placeTried(others.length, hunt)] : undefined;
  if (!tried) return { leg: first, why };
  return { leg: tried, why: `${tried.trunk}, as a call to know it by; ${why}` };
}

/** Beyond the last one: none. */
function placeTried(others: number, { draw = 0 }: Hunt): number {
  const each = Math.min(TRIED, TRIED_AT_MOST / others);
  return Math.floor((1 - shareOf(draw, 0)) / each);
}
