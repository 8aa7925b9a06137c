import { rankingKey } from './best';
import { leastBad } from './least-bad';
import type { TrunkState } from '../trunk-port';
import { nextForEmergency } from './emergency';
import type { Decision } from '../decision/decision';
import type { Hunt } from '../hunt';
import { pickNext } from './pick';
import { legOn } from './leg';
import { routeName } from './route-index';
import type { Policy } from '../policy';
import type { Route } from '../policy-data';
import { learnedOffer } from '../treatments/reoffer';
import { towardsCaller } from '../treatments/treat';

/** No route takes the number (RFC 3261 21.4.5). */
const NO_ROUTE_STATUS = 404;
/** RFC 3261 21.4.22. */
const INVALID_NUMBER_STATUS = 484;
/** RFC 3261 21.5.4: a later call may succeed. */
const NO_TRUNK_STATUS = 503;

/** Refuses a number that must not reach a dial string. */
export function refuseNumber(): Decision {
  return {
    outcome: { kind: 'relay', sip: INVALID_NUMBER_STATUS },
    why: 'the number has characters that cannot be dialled, or is longer than 32',
    refused: [],
  };
}

/** The first attempt of a hunt. Pure and total. */
export function route(policy: Policy, hunt: Hunt, trunks: TrunkState, now: number): Decision {
  const chosen = policy.index.routes.find(hunt);
  if (policy.index.emergency.has(hunt.number)) {
    const next = nextForEmergency({ policy, route: chosen, hunt });
    if (next) return next;
  }
  if (!chosen) {
    const outcome = { kind: 'relay', sip: NO_ROUTE_STATUS } as const;
    return { outcome, why: 'no route of the policy takes this number', refused: [] };
  }
  const { refuse } = chosen;
  if (refuse) {
    const why = `route "${routeName(chosen)}" refuses`;
    return { rule: chosen.at, why, outcome: { kind: 'relay', ...refuse }, refused: [] };
  }
  const about = { rule: chosen.at, why: `route "${routeName(chosen)}", ${chosen.strategy.kind}` };
  const picked = pickNext({ policy, hunt, route: chosen, trunks, now });
  if ('refusal' in picked) {
    const last =
      picked.refusal === 'trunks-held'
        ? lastResort(chosen, about, { policy, hunt, trunks, now })
        : undefined;
    if (last) return last;
    const sip = towardsCaller(policy.relay503As, NO_TRUNK_STATUS);
    return { ...about, outcome: { kind: 'relay', sip }, refused: [picked.refusal] };
  }
  const { leg, why } = picked;
  const { kind } = chosen.strategy;
  const isFirst = hunt.attempts.length === 0;
  return {
    ...about,
    ...(why && { why: `${about.why}: ${why}` }),
    outcome: { kind: 'dial', ...leg, ...learnedOffer(leg, { hunt, trunks, now }) },
    refused: [],
    reserve: {
      trunk: leg.trunk,
      retry: false,
      ...(isFirst && kind === 'round-robin' && { turn: routeName(chosen) }),
      ...(isFirst && kind === 'best' && { ranked: rankingKey(chosen) }),
    },
  };
}

/**
 * The least bad trunk that is not ruled out, if every trunk is held: a call that may fail is better than
 * one that is refused for certain.
 */
function lastResort(
  chosen: Route,
  about: Pick<Decision, 'rule' | 'why'>,
  where: { policy: Policy; hunt: Hunt; trunks: TrunkState; now: number },
): Decision | undefined {
  const { policy, hunt, trunks, now } = where;
  const candidates = chosen.trunks.flatMap((name) => {
    const trunk = policy.trunks.get(name);
    const badness = trunk && trunks.obstacle(trunk, now)?.badness;
    const leg = trunk && legOn(policy, trunk, { hunt, route: chosen });
    return badness && leg ? [{ badness, leg }] : [];
  });
  const best = leastBad(candidates.map(({ badness }) => badness));
  const leg = best === undefined ? undefined : candidates[best]?.leg;
  return (
    leg && {
      ...about,
      why: `${about.why}: every trunk is held, this one is the least bad`,
      outcome: { kind: 'dial', ...leg, ...learnedOffer(leg, where) },
      refused: ['trunks-held'],
      reserve: { trunk: leg.trunk, retry: false, lastResort: true },
    }
  );
}
