import type { Failure } from '../model/failure';
import { decide } from '../policy/decide';
import type { Decision } from '../policy/decision/decision';
import { asFor, type DecisionInputs } from '../policy/decision/inputs';
import { failureOf } from '../policy/failure-of';
import type { Hunt } from '../policy/hunt';
import type { Policy } from '../policy/policy';
import { route } from '../policy/routes/route';
import { frozen } from '../policy/trunk-snapshot';
import type { Reclassified } from './recorded';

/** A decision made again, and the failure as the policy's own phrases have it. */
export interface Again {
  readonly decision: Decision;
  /** Absent for a first attempt. */
  readonly failure?: Failure;
}

/**
 * Makes a recorded decision again by this policy: hunt, time and trunks as they were, the failure from its evidence.
 * @param earlier what the call's earlier failures are by this policy
 */
export function again(whole: Policy, inputs: DecisionInputs, earlier: Reclassified = []): Again {
  const policy = asFor(whole, inputs);
  const { now } = inputs;
  const trunks = frozen(inputs.trunks);
  if (!inputs.failure) return { decision: route(policy, inputs.hunt, trunks, now) };
  const failure = classified(policy, inputs.hunt.attempts.at(-1)?.trunk, inputs.failure);
  const hunt = judged(inputs.hunt, failure, earlier);
  return { decision: decide(policy, hunt, failure, trunks, now), failure };
}

/** A recorded failure of a trunk as this policy classifies its evidence. */
export function classified(policy: Policy, trunk: string | undefined, recorded: Failure): Failure {
  if (trunk === undefined || recorded.evidence.length === 0) return recorded;
  // Of a fork, all legs count for these, and the evidence is that of one.
  const { rang, progress, earlyMediaMs } = recorded;
  return { ...failureOf(recorded.evidence, policy, trunk), rang, progress, earlyMediaMs };
}

/** The hunt with its attempts' classes as this policy sees them. */
function judged(hunt: Hunt, failure: Failure, earlier: Reclassified): Hunt {
  const last = hunt.attempts.length - 1;
  const attempts = hunt.attempts.map((past, index) => {
    if (past.class === undefined) return past;
    if (index === last) return { ...past, class: failure.class };
    const known = earlier.find(({ trunk, was }) => trunk === past.trunk && was === past.class);
    return known ? { ...past, class: known.now } : past;
  });
  return { ...hunt, attempts };
}
