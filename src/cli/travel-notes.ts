import { travelOf } from '../policy/plan/travel';
import { whyAsks } from '../policy/plan/why-asks';
import type { WholePolicy } from '../policy/policy';
import type { Route } from '../policy/policy-data';
import { routeName } from '../policy/routes/route-index';
import { InProcessTrunks } from '../trunks/limits/trunk-limits';

/** Routes of one reason that are named. */
const MOST_ROUTES = 5;
const BEHIND = 'there is no room for them behind the routes that are found before them';

/** With `travel: on`: of which routes calls ask all the same, and why. */
export function travelNotes(policy: WholePolicy): readonly string[] {
  if (policy.survive === undefined) return [];
  const byReason = new Map<string, string[]>();
  const looked = lookedAt(policy);
  for (const route of policy.routes) {
    const why = whyAsks(policy, route) ?? (looked?.has(route) === false ? BEHIND : undefined);
    if (why === undefined) continue;
    const named = `"${routeName(route)}" (line ${route.at.line})`;
    byReason.set(why, [...(byReason.get(why) ?? []), named]);
  }
  return [...byReason].map(([why, routes]) => {
    const more = routes.length - MOST_ROUTES;
    const named = `${routes.slice(0, MOST_ROUTES).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
    return `note: with travel: on calls of ${named} ask: ${why}`;
  });
}

/** The routes for which there is room while all trunks are free; undefined where that is all of them. */
function lookedAt(policy: WholePolicy): ReadonlySet<Route> | undefined {
  let found: ReadonlySet<Route> | undefined;
  const about = { policy, store: new InProcessTrunks(), reasonsKnown: true, now: 0 };
  travelOf(about, ({ more }, looked) => (found = more ? looked : undefined));
  return found;
}
