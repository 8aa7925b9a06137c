import { routeName } from '../policy/routes/route-index';
import { modeOfRoute, observedPart, onlyObserves } from '../policy/mode';
import type { PolicyMode, Route } from '../policy/policy-data';
import type { WholePolicy } from '../policy/policy';
import type { PbxAtHand } from '../settings/pbx-at-hand';

/** Of each mode. */
const MOST_ROUTES = 5;

/** Of a policy that decides some calls and observes others: which, and what deciding needs. */
export function modeNotes(policy: WholePolicy, { onlyFreeswitch }: PbxAtHand): readonly string[] {
  if (observedPart(policy) === undefined || onlyObserves(policy)) return [];
  const of = (mode: PolicyMode) =>
    policy.routes.filter((route) => modeOfRoute(policy, route) === mode);
  return [
    `note: decided: ${routesText(of('decide'))}; only observed: ${routesText(of('observe'))}`,
    ...(onlyFreeswitch
      ? []
      : ['note: who decides has to write: on Asterisk the ARI user needs read_only = no']),
  ];
}

function routesText(routes: readonly Route[]): string {
  if (routes.length === 0) return 'no route';
  const named = routes
    .slice(0, MOST_ROUTES)
    .map((route) => `"${routeName(route)}" (line ${route.at.line})`);
  const more = routes.length - named.length;
  return `${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
