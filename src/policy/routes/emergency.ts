import type { DecisionContext } from '../decision/context';
import type { Decision } from '../decision/decision';
import type { Policy } from '../policy';
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
  const leg = trunk && legOn(policy, trunk, { hunt, route });
  if (!leg) return undefined;
  return {
    outcome: { kind: 'dial', ...leg },
    why: 'emergency number: every trunk in order',
    refused: [],
    reserve: { trunk: leg.trunk, retry: false, unconditional: true },
  };
}

/** What may stand before a country code. */
const INTERNATIONAL = ['+', '00', '011'] as const;
const NATIONAL = '0';
/** ITU-T E.164, 6.2.1. */
const LONGEST_COUNTRY_CODE = 3;

/**
 * Whether a number reaches an emergency number of the policy in any of the ways that networks take it: as it is,
 * in international or national form, with or without a country code (`112`, `+112`, `0049112`, `+490112`, `0112`).
 * Wrong only in the safe direction: no subscriber has a number so short.
 */
export function meansEmergency(policy: Policy, number: string): boolean {
  const { emergency } = policy.index;
  const isOne = (digits: string): boolean =>
    emergency.has(digits) || (digits.startsWith(NATIONAL) && emergency.has(digits.slice(1)));
  if (isOne(number)) return true;
  return INTERNATIONAL.filter((prefix) => number.startsWith(prefix)).some((prefix) => {
    const rest = number.slice(prefix.length);
    for (let length = 0; length <= LONGEST_COUNTRY_CODE; length++)
      if (isOne(rest.slice(length))) return true;
    return false;
  });
}
