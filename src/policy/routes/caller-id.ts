import { matchesDigits } from './digits';
import type { Hunt } from '../hunt';
import type { Trunk } from '../policy-data';

/** The caller to present on a trunk instead of the real one; undefined if the real one may stay. */
export function replacedCaller({ callerId }: Trunk, { from }: Hunt): string | undefined {
  if (!callerId) return undefined;
  const { allowed, otherwise } = callerId;
  const accepted = from !== undefined && allowed.some((pattern) => matchesDigits(pattern, from));
  return accepted ? undefined : otherwise;
}

/** The caller that the callee sees for a call on this trunk; undefined for an anonymous call. */
export function presentedCaller(trunk: Trunk, hunt: Hunt): string | undefined {
  return replacedCaller(trunk, hunt) ?? hunt.from;
}
