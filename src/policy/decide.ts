import type { Failure } from '../model/failure';
import type { TrunkState } from '../trunks/trunk-store';
import type { Decision, Refusal } from './decision';
import { isNeeds, needs, NOTHING_UNKNOWN, type Needs, type PartialFailure } from './facts';
import type { Hunt } from './hunt';
import { legOn } from './routes/leg';
import { findRule, type FoundRule } from './rules/match';
import type { Action, Policy } from './policy';
import type { Situation } from './situation';
import { treat, trueStatus, type Treated } from './treatments/treat';

/**
 * What happens after an attempt failed. Pure, total and deterministic. Of a partial failure the
 * answer may be `Needs`; a decision on it is the decision on every failure that it may turn out to be.
 * @param now Unix time in milliseconds, on the same clock as `hunt.startedAt`
 */
export function decide(
  policy: Policy,
  hunt: Hunt,
  failure: Failure & { readonly unknown?: never },
  trunks: TrunkState,
  now: number,
): Decision;
export function decide(
  policy: Policy,
  hunt: Hunt,
  failure: PartialFailure,
  trunks: TrunkState,
  now: number,
): Decision | Needs;
export function decide(
  policy: Policy,
  hunt: Hunt,
  failure: Failure & { readonly unknown?: PartialFailure['unknown'] },
  trunks: TrunkState,
  now: number,
): Decision | Needs {
  const situation: Situation = {
    policy,
    route: policy.index.routes.find(hunt.number),
    hunt,
    failure,
    unknown: failure.unknown ?? NOTHING_UNKNOWN,
    trunks,
    now,
  };
  if (policy.index.emergency.has(hunt.number)) return emergency(situation);
  const found = findRule(situation);
  if (isNeeds(found)) return found;
  const refused: Refusal[] = [];
  for (const action of actionsOf(found)) {
    const answer = treat(action.treatment, situation, found?.source ?? 'built-in');
    if (isNeeds(answer)) return answer;
    if (typeof answer !== 'string') return decided(answer, situation, found, action, refused);
    refused.push(answer);
  }
  const status = trueStatus(situation);
  if (isNeeds(status)) return status;
  const relayed: Treated = { outcome: { kind: 'relay', ...status } };
  return decided(relayed, situation, found, found?.rule.do, refused);
}

function actionsOf(found: FoundRule | undefined): readonly Action[] {
  if (!found) return [];
  return found.rule.else ? [found.rule.do, found.rule.else] : [found.rule.do];
}

/**
 * Emergency calls try every trunk of their route in the order of the file, whatever the failure was:
 * no rule, hold, limit, budget, timer or mailbox stands in their way.
 */
function emergency(situation: Situation): Decision | Needs {
  const { unknown } = situation;
  if (unknown.has('attempt')) return needs(['attempt']);
  const next = nextForEmergency(situation);
  if (next) return next;
  const status = trueStatus(situation);
  if (isNeeds(status)) return status;
  const outcome = { kind: 'relay', ...status } as const;
  return { outcome, why: 'emergency number, every trunk tried', refused: [] };
}

/** The first trunk of the route that an emergency call has not tried. */
export function nextForEmergency({
  policy,
  route,
  hunt,
}: Pick<Situation, 'policy' | 'route' | 'hunt'>): Decision | undefined {
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

function decided(
  { outcome, reserve }: Treated,
  { hunt }: Situation,
  found: FoundRule | undefined,
  action: Action | undefined,
  refused: readonly Refusal[],
): Decision {
  // What happens beside a treatment happens also where the treatment itself is refused.
  const log = action?.log ?? found?.rule.do.log;
  const alert = action?.alert ?? found?.rule.do.alert;
  const ms = action?.hold ?? found?.rule.do.hold;
  const trunk = hunt.attempts.at(-1)?.trunk;
  return {
    outcome,
    refused,
    why: found ? 'first rule that matches' : 'no rule matches',
    ...(found && { rule: found.rule.at }),
    ...(reserve && { reserve }),
    ...(log && { log }),
    ...(alert !== undefined && { alert }),
    ...(ms !== undefined && trunk !== undefined && { hold: { trunk, ms } }),
  };
}
