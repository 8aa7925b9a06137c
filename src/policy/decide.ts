import type { Failure } from '../model/failure';
import type { TrunkState } from './trunk-port';
import type { Decision, Refusal } from './decision/decision';
import { isNeeds, needs, NOTHING_UNKNOWN, type Needs, type PartialFailure } from './facts';
import type { Hunt } from './hunt';
import { nextForEmergency } from './routes/emergency';
import { findRule, type FoundRule } from './rules/find-rule';
import type { Policy } from './policy';
import type { Action } from './policy-data';
import type { DecisionContext } from './decision/context';
import { surroundings } from './situation';
import { treat, trueStatus } from './treatments/treat';
import type { Treated } from './treatments/treated';

/**
 * Decides what happens after a failed attempt. Pure, total and deterministic. A partial failure may yield
 * `Needs`; a decision on it holds for every failure that it may turn out to be.
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
  const context: DecisionContext = {
    policy,
    route: policy.index.routes.find(hunt),
    hunt,
    failure,
    unknown: failure.unknown ?? NOTHING_UNKNOWN,
    trunks,
    ...surroundings(policy),
    now,
  };
  if (policy.index.emergency.has(hunt.number)) return emergency(context);
  const found = findRule(context);
  if (isNeeds(found)) return found;
  const refused: Refusal[] = [];
  for (const action of actionsOf(found)) {
    const answer = treat(action.treatment, context, found?.source ?? 'built-in');
    if (isNeeds(answer)) return answer;
    if (typeof answer !== 'string') return decided(answer, context, found, action, refused);
    refused.push(answer);
  }
  const status = trueStatus(context);
  if (isNeeds(status)) return status;
  const relayed: Treated = { outcome: { kind: 'relay', ...status } };
  return decided(relayed, context, found, found?.rule.do, refused);
}

function actionsOf(found: FoundRule | undefined): readonly Action[] {
  if (!found) return [];
  return found.rule.else ? [found.rule.do, found.rule.else] : [found.rule.do];
}

/**
 * Emergency calls try every trunk of their route in file order, whatever the failure was. No rule, hold,
 * limit, budget, timer or mailbox stops them.
 */
function emergency(context: DecisionContext): Decision | Needs {
  const { unknown } = context;
  if (unknown.has('attempt')) return needs(['attempt']);
  const next = nextForEmergency(context);
  if (next) return next;
  const status = trueStatus(context);
  if (isNeeds(status)) return status;
  const outcome = { kind: 'relay', ...status } as const;
  return { outcome, why: 'emergency number, every trunk tried', refused: [] };
}

function decided(
  { outcome, reserve }: Treated,
  { hunt }: DecisionContext,
  found: FoundRule | undefined,
  action: Action | undefined,
  refused: readonly Refusal[],
): Decision {
  // Log, alert and hold apply even if the rule's own treatment is refused.
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
