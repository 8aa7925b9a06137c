import type { Failure } from '../model/failure';
import { answerOf, bestOf } from '../normalize/fork';
import { decide } from '../policy/decide';
import type { Decision } from '../policy/decision';
import { isDialable } from '../policy/routes/digits';
import { drawFrom } from '../policy/routes/draw';
import type { DecisionInputs } from '../policy/explain';
import { isNeeds } from '../policy/facts';
import type { Hunt } from '../policy/hunt';
import type { Policy } from '../policy/policy';
import { refuseNumber, route } from '../policy/routes/route';
import { decideAndReserve } from '../trunks/reserve';
import type { TrunkStore } from '../trunks/trunk-store';
import { of, weighed, type Failed } from './failed';
import type { Handover } from './ports';
import { openOf } from './still-open';

/** What is decided, and what it was made of; no inputs where no policy was asked. */
export interface Decided {
  readonly decision: Decision;
  readonly inputs?: DecisionInputs;
}

/** Decides on a handover and takes what the decision needs. */
export function decideOn(
  trunks: TrunkStore,
  policy: Policy,
  { event, hunt: given, huntId, at }: Handover,
  failure: Failure | undefined,
): Decided {
  // The dialplan has checked the number; whoever changes that dialplan may not have.
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
  const about = { policyHash: policy.hash, hunt, trunks: seen, now: at };
  return { decision, inputs: { ...about, ...(failure && { failure }) } };
}

/** Whether the decision depends on what the legs' own SIP may still say. */
export function mustWait(
  trunks: TrunkStore,
  policy: Policy,
  handover: Handover,
  failed: readonly Failed[],
): boolean {
  const best = bestOf(failed.map(of));
  const failure = answerOf(failed.map(of));
  const open = openOf(failed, best);
  if (!failure || open === 'nothing') return false;
  if (open === 'answer') return !policy.index.emergency.has(handover.hunt.number);
  const { hunt, at, huntId } = weighed(handover, failed, best);
  const partial = { ...failure, unknown: open };
  return isNeeds(decide(policy, complete(hunt, huntId, policy), partial, trunks, at));
}

/** The hunt with its share of chance, and with its codecs only where some rule asks for them. */
function complete({ codecs, ...hunt }: Hunt, huntId: string, { index }: Policy): Hunt {
  const draw = hunt.draw ?? drawFrom(huntId);
  return { ...hunt, draw, ...(index.reoffers && codecs && { codecs }) };
}
