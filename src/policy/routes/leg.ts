import { replacedCaller } from './caller-id';
import type { Leg } from '../decision/decision';
import type { Hunt } from '../hunt';
import { formatNumber } from './number';
import type { Policy } from '../policy';
import type { Trunk } from '../policy-data';

/**
 * The number to dial on a trunk and the caller to present; undefined if the trunk cannot take the number.
 * An emergency number is dialled exactly as it came.
 */
export function legOn(policy: Policy, trunk: Trunk, hunt: Hunt, dialled?: string): Leg | undefined {
  const wanted = dialled ?? hunt.target ?? hunt.number;
  const number = policy.index.emergency.has(hunt.number)
    ? hunt.number
    : formatNumber(wanted, trunk.number, policy.numbering);
  if (number === undefined) return undefined;
  const callerId = replacedCaller(trunk, hunt);
  return { trunk: trunk.name, number, ...(callerId !== undefined && { callerId }) };
}
