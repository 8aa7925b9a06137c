import type { DecisionContext } from '../decision/context';
import type { Decision } from '../decision/decision';
import { legOn } from './leg';

/** The first trunk of the route that an emergency call has not tried. */
export function nextForEmergency({
  policy,
  route,
  hunt,
}: Pick<DecisionContext, 'policy' | 'route' | 'hunt'>): Decision | undefined {
  const tried = new Set(hunt.attempts.map(({ trunk }) => trunk));
  const names = (route?.trunks ?? []).filter((name) => !tried.has(name));
  const trunk = names.map((name) => policy.trunks.get(name)).find((known) => known !== undefined);
  const leg = trunk && legOn(policy, trunk, hunt);
  if (!leg) return undefined;
  return {
    outcome: { kind: 'dial', ...leg },
    why: 'emergency number: every trunk in order',
    refused: [],
    reserve: { trunk: leg.trunk, retry: false, unconditional: true },
  };
}
