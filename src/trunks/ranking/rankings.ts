import type { Route } from '../../policy/policy-data';
import { rankingKey } from '../../policy/routes/best';
import type { Ranking } from '../../policy/trunk-port';
import { RouteRanking } from './route-ranking';

/** More routes with `strategy: best` than these forget the one whose figures were begun first. */
const MOST_ROUTES = 10_000;

/** How the trunks of each route with `strategy: best` stand, by the first attempts of its calls. Per instance. */
export class Rankings {
  private readonly routes = new Map<string, RouteRanking>();

  ranking(route: Route, now: number): Ranking {
    const key = rankingKey(route);
    const known = this.routes.get(key);
    if (known) return known.at(now);
    const begun = new RouteRanking(route.trunks);
    this.routes.set(key, begun);
    const [oldest] = this.routes.keys();
    if (this.routes.size > MOST_ROUTES && oldest !== undefined) this.routes.delete(oldest);
    return begun.at(now);
  }

  /** @param key of the route whose ranking chose the trunk, see `rankingKey`; an unknown one is ignored */
  attempted(key: string, trunk: string, answered: boolean, now: number): void {
    this.routes.get(key)?.attempted(trunk, answered, now);
  }
}
