import { whyAsks } from '../policy/plan/why-asks';
import type { WholePolicy } from '../policy/policy';
import { routeName } from '../policy/routes/route-index';

/** Routes of one reason that are named. */
const MOST_ROUTES = 5;

/** With `travel: on`: of which routes calls ask all the same, and why. */
export function travelNotes(policy: WholePolicy): readonly string[] {
  if (policy.survive === undefined) return [];
  const byReason = new Map<string, string[]>();
  for (const route of policy.routes) {
    const why = whyAsks(policy, route);
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
