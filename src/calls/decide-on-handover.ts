import type { Failure } from '../model/failure';
import { answerOf, bestOf } from '../normalize/fork';
import { decide } from '../policy/decide';
import type { Decision } from '../policy/decision/decision';
import { isDialable } from '../policy/routes/digits';
import { drawFrom } from '../policy/routes/draw';
import { saysOfPolicy, type DecisionInputs } from '../policy/decision/inputs';
import { isNeeds } from '../policy/facts';
import type { Hunt } from '../policy/hunt';
import type { Policy } from '../policy/policy';
import { refuseNumber, route } from '../policy/routes/route';
import { begunBefore, wentOnBefore } from '../policy/plan/travel';
import { frozen, snapshot } from '../policy/trunk-snapshot';
import { decideAndReserve } from '../trunks/reserve';
import type { TrunkStore } from '../trunks/trunk-store';
import { withDecisiveAttemptLast, type ClassifiedAttempt } from './classified-attempts';
import type { Handover } from './ports';
import { openAmong } from './open-facts';

/** A decision and its inputs; no inputs if no policy was asked. */
export interface DecidedOnHandover {
  readonly decision: Decision;
  readonly inputs?: DecisionInputs | undefined;
}

/** Decides on a handover and reserves what the decision needs. */
export function decideOnHandover(
  trunks: TrunkStore,
  policy: Policy,
  { event, hunt: given, huntId, at }: Handover,
  failure: Failure | undefined,
): DecidedOnHandover {
  // The shipped dialplan has checked the number; a changed one may not have.
  if (event.kind === 'invalid-number' || !isDialable(given.number)) {
    return { decision: refuseNumber() };
  }
  const hunt = complete(given, huntId, policy);
  const { decision, trunks: seen } = decideAndReserve(
    (state) =>
      failure ? decide(policy, hunt, failure, state, at) : route(policy, hunt, state, at),
    { policy, hunt, owner: huntId },
    trunks,
    at,
  );
  const about = { ...saysOfPolicy(policy), hunt, trunks: seen, now: at };
  return { decision, inputs: { ...about, ...(failure && { failure }) } };
}

/**
 * What the policy says of a call that the PBX has begun already, and reserves what that takes.
 * @returns the decision; `began` differs where the PBX went by something else
 */
export function decideOnBegun(
  trunks: TrunkStore,
  policy: Policy,
  { hunt: given, huntId, at }: Handover,
  trunk: string,
): { readonly decided: DecidedOnHandover; readonly began: Decision } {
  const hunt = complete(given, huntId, policy);
  const seen = snapshot(trunks, policy, hunt, at);
  const decision = route(policy, hunt, frozen(seen), at);
  const { outcome } = decision;
  const isKept = outcome.kind === 'dial' && outcome.trunk === trunk;
  const began = isKept ? decision : begunBefore({ trunk, number: hunt.number });
  const limits = { trunk: policy.trunks.get(trunk), budget: policy.limits.retryBudget };
  if (began.reserve) trunks.commit({ ...began.reserve, begun: true }, limits, huntId, at);
  const inputs = { ...saysOfPolicy(policy), hunt, trunks: seen, now: at };
  return { decided: { decision, inputs }, began };
}

/**
 * What the policy says of a failure after which the PBX has gone on by itself, and reserves what that takes.
 * @param trunk that it has dialled
 * @returns the decision; one that says no more than this where the PBX went by something else
 */
export function decideOnWentOn(
  trunks: TrunkStore,
  policy: Policy,
  { hunt: given, huntId, at }: Handover,
  failure: Failure,
  trunk: string,
): DecidedOnHandover {
  const hunt = complete(given, huntId, policy);
  const seen = snapshot(trunks, policy, hunt, at);
  const said = decide(policy, hunt, failure, frozen(seen), at);
  const isKept = said.outcome.kind === 'dial' && said.outcome.trunk === trunk;
  const decision = isKept ? said : wentOnBefore({ trunk, number: hunt.number });
  const limits = { trunk: policy.trunks.get(trunk), budget: policy.limits.retryBudget };
  trunks.release(huntId);
  if (decision.reserve) trunks.commit({ ...decision.reserve, begun: true }, limits, huntId, at);
  const inputs = { ...saysOfPolicy(policy), hunt, failure, trunks: seen, now: at };
  return isKept ? { decision, inputs } : { decision };
}

/** Whether the decision depends on mirrored SIP that has not come yet. */
export function dependsOnLateEvidence(
  trunks: TrunkStore,
  policy: Policy,
  handover: Handover,
  failed: readonly ClassifiedAttempt[],
): boolean {
  const failures = failed.map((attempt) => attempt.failure);
  const best = bestOf(failures);
  const failure = answerOf(failures);
  const open = openAmong(failed, best);
  if (!failure || open === 'nothing') return false;
  if (open === 'answer') return !policy.index.emergency.has(handover.hunt.number);
  const { hunt, at, huntId } = withDecisiveAttemptLast(handover, failed, best);
  const partial = { ...failure, unknown: open };
  return isNeeds(decide(policy, complete(hunt, huntId, policy), partial, trunks, at));
}

/** Adds the hunt's random draw and the row of a table that takes it, for its record; keeps its codecs only if a rule asks for them. */
function complete({ codecs, ...hunt }: Hunt, huntId: string, { index }: Policy): Hunt {
  const draw = hunt.draw ?? drawFrom(huntId);
  const row = index.routes.rowOf(hunt);
  return { ...hunt, draw, ...(row && { row }), ...(index.reoffers && codecs && { codecs }) };
}
