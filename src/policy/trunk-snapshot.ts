import type { Codec } from '../model/media';
import type { Hunt } from './hunt';
import type { Policy } from './policy';
import { routeName } from './routes/route-index';
import type { Obstacle, Ranking, TrunkState } from './trunk-port';

/** What one decision sees of the trunks, as plain data: enough to repeat it. */
export interface TrunkSnapshot {
  /** Trunks that cannot take a call; all others can. */
  readonly obstacles: Readonly<Record<string, Obstacle>>;
  /** Learned offers, by trunk. */
  readonly offers?: Readonly<Record<string, readonly Codec[]>>;
  /** Absent without a budget. */
  readonly retriesLeft?: number;
  /** The turn of the number's route. */
  readonly turn: number;
  /** Of the number's route, where its strategy is `best`. */
  readonly ranking?: Ranking;
}

/** Looks at every trunk that a decision about this hunt can choose. */
export function snapshot(
  state: TrunkState,
  policy: Policy,
  hunt: Hunt,
  now: number,
): TrunkSnapshot {
  const route = policy.index.routes.find(hunt);
  const last = hunt.attempts.at(-1)?.trunk;
  const names = new Set([
    ...(route?.trunks ?? []),
    ...(last === undefined ? [] : [last]),
    ...policy.index.redirectTrunks,
  ]);
  const obstacles: Record<string, Obstacle> = {};
  const offers: Record<string, readonly Codec[]> = {};
  for (const name of names) {
    const trunk = policy.trunks.get(name);
    const obstacle = trunk && state.obstacle(trunk, now);
    if (obstacle) obstacles[name] = obstacle;
    const offer = state.offer(name, now);
    if (offer) offers[name] = offer;
  }
  const { retryBudget } = policy.limits;
  const ranking = route?.strategy.kind === 'best' ? state.ranking(route, now) : undefined;
  return {
    obstacles,
    ...(Object.keys(offers).length > 0 && { offers }),
    ...(retryBudget && { retriesLeft: state.retriesLeft(retryBudget, now) }),
    turn: route ? state.turn(routeName(route)) : 0,
    ...(ranking && { ranking }),
  };
}

/** The trunks as they were at the snapshot. */
export function frozen({
  obstacles,
  offers = {},
  retriesLeft,
  turn,
  ranking,
}: TrunkSnapshot): TrunkState {
  return {
    obstacle: ({ name }) => (Object.hasOwn(obstacles, name) ? obstacles[name] : undefined),
    offer: (name) => (Object.hasOwn(offers, name) ? offers[name] : undefined),
    retriesLeft: () => retriesLeft ?? Infinity,
    turn: () => turn,
    ranking: () => ranking,
  };
}
