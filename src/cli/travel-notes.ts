import { whyAsks } from '../policy/plan/why-asks';
import type { WholePolicy } from '../policy/policy';
import { routeName } from '../policy/routes/route-index';
import type * as RoutesWithRoom from './routes-with-room';

/** Routes of one reason that are named. */
const MOST_ROUTES = 5;
const NO_ROOM = 'there is no room for them behind the routes that are found before them';

/** With `travel: on`: of which routes calls ask all the same, and why. */
export function travelNotes(policy: WholePolicy): readonly string[] {
  if (policy.survive === undefined) return [];
  const byReason = new Map<string, string[]>();
  const withRoom = routesWithRoom(policy);
  for (const route of policy.routes) {
    const why = whyAsks(policy, route) ?? (withRoom?.has(route) === false ? NO_ROOM : undefined);
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

/** Loaded where a policy travels: no other waits for what plans need. */
function routesWithRoom(policy: WholePolicy): ReturnType<typeof RoutesWithRoom.routesWithRoom> {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return (require('./routes-with-room') as typeof RoutesWithRoom).routesWithRoom(policy);
}
