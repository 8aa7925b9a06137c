import { best } from './best';
import { shareOf } from './draw';
import { presentedCaller, replacedCaller } from './caller-id';
import type { Leg, Refusal } from '../decision/decision';
import type { Hunt } from '../hunt';
import { legOn } from './leg';
import { routeName } from './route-index';
import type { Policy } from '../policy';
import type { Route, Strategy, Trunk } from '../policy-data';
import type { TrunkState } from '../trunk-port';

/** A trunk that can take the call now, or why there is none. */
export type Picked =
  | {
      readonly leg: Leg;
      /** How the trunks stood, where the route ranks them. */
      readonly why?: string;
    }
  | { readonly refusal: Refusal };

type Where = {
  readonly policy: Policy;
  readonly hunt: Hunt;
  /** The call's route. */
  readonly route: Route | undefined;
  readonly trunks: TrunkState;
  readonly now: number;
};

/** The route's next trunk that the hunt has not tried, by the route's strategy. */
export function pickNext(where: Where, only: { readonly anotherIdentity?: true } = {}): Picked {
  const { hunt, route, trunks, now } = where;
  const tried = new Set(hunt.attempts.map(({ trunk }) => trunk));
  const left = (route?.trunks ?? []).filter((name) => !tried.has(name));
  const seen = only.anotherIdentity ? lastIdentity(where) : undefined;
  const found = usable(where, left, seen);
  if ('refusal' in found || !route) return found as Picked;
  if (route.strategy.kind === 'best') return best(found.legs, trunks.ranking(route, now), hunt);
  const turn = trunks.turn(routeName(route));
  return { leg: choose(route, found.legs, hunt, turn) };
}

/** The first of these trunks that can take the call, tried before or not. */
export function pickFrom(where: Where, names: readonly string[], target?: string): Picked {
  const found = usable(where, names, undefined, target);
  const leg = 'legs' in found ? found.legs[0] : undefined;
  if (leg) return { leg };
  return { refusal: 'refusal' in found ? found.refusal : 'no-trunk-left' };
}

/** The caller presented on the trunk that has just failed. */
function lastIdentity(where: Where): { readonly caller: string | undefined } | undefined {
  const trunk = lastTrunk(where);
  return trunk && { caller: presentedCaller(trunk, where.hunt) };
}

function lastTrunk({ policy, hunt }: Pick<Where, 'policy' | 'hunt'>): Trunk | undefined {
  const name = hunt.attempts.at(-1)?.trunk;
  return name === undefined ? undefined : policy.trunks.get(name);
}

/** Whether `anotherIdentity` has the same answer for every caller whom the trunks treat as this one. */
export function tellsIdentitiesApart(where: Pick<Where, 'policy' | 'hunt' | 'route'>): boolean {
  const { policy, hunt, route } = where;
  const last = lastTrunk(where);
  if (!last) return true;
  const tried = new Set(hunt.attempts.map(({ trunk }) => trunk));
  const left = (route?.trunks ?? []).flatMap((name) =>
    tried.has(name) ? [] : (policy.trunks.get(name) ?? []),
  );
  return left.every((trunk) => areComparable([last, trunk], hunt));
}

/** The caller's own number against another one: they differ for certain where the trunk would have accepted that one. */
function areComparable(pair: readonly [Trunk, Trunk], hunt: Hunt): boolean {
  const replacing = pair.filter((trunk) => replacedCaller(trunk, hunt) !== undefined);
  const [trunk] = replacing;
  if (replacing.length !== 1 || !trunk?.callerId) return true;
  const { otherwise } = trunk.callerId;
  return replacedCaller(trunk, { ...hunt, from: otherwise }) === undefined;
}

function usable(
  { policy, hunt, route, trunks, now }: Where,
  names: readonly string[],
  seen?: { readonly caller: string | undefined },
  target?: string,
): { readonly legs: readonly Leg[] } | { readonly refusal: Refusal } {
  const known = names.map((name) => policy.trunks.get(name)).filter((trunk) => trunk !== undefined);
  if (known.length === 0) return { refusal: 'no-trunk-left' };
  const others = seen
    ? known.filter((trunk) => presentedCaller(trunk, hunt) !== seen.caller)
    : known;
  if (others.length === 0) return { refusal: 'no-other-identity' };
  const legs: Leg[] = [];
  let [held, unfit] = [0, 0];
  for (const trunk of others) {
    const obstacle = trunks.obstacle(trunk, now);
    const leg = legOn(policy, trunk, { hunt, route }, target);
    if (!leg) unfit += 1;
    else if (!obstacle) legs.push(leg);
    else if (obstacle.kind === 'held') held += 1;
  }
  if (legs.length > 0) return { legs };
  if (unfit === others.length) return { refusal: 'number-unfit' };
  return { refusal: held + unfit === others.length ? 'trunks-held' : 'trunks-full' };
}

/** Chooses one leg; there is at least one. */
function choose(route: Route, legs: readonly Leg[], hunt: Hunt, turn: number): Leg {
  const [first] = legs as [Leg, ...Leg[]];
  const { strategy } = route;
  switch (strategy.kind) {
    case 'in-order':
    case 'best':
      return first;
    case 'round-robin': {
      const last = hunt.attempts.at(-1);
      // A hunt goes on after the trunk of its last attempt; only its first attempt uses the turn.
      const count = route.trunks.length;
      const from = (last ? route.trunks.indexOf(last.trunk) + 1 : turn) % count;
      const distance = ({ trunk }: Leg) => (route.trunks.indexOf(trunk) - from + count) % count;
      return legs.reduce((best, leg) => (distance(leg) < distance(best) ? leg : best), first);
    }
    case 'weighted':
      return byWeight(legs, strategy, shareOf(hunt.draw ?? 0, hunt.attempts.length)) ?? first;
  }
}

function byWeight(
  legs: readonly Leg[],
  { weights }: Extract<Strategy, { kind: 'weighted' }>,
  share: number,
): Leg | undefined {
  const weightOf = ({ trunk }: Leg) => weights[trunk] ?? 0;
  const total = legs.reduce((sum, leg) => sum + weightOf(leg), 0);
  let left = share * total;
  for (const leg of legs) {
    left -= weightOf(leg);
    if (left < 0) return leg;
  }
  return undefined;
}
