import { matchesDigits } from './digits';
import type { Hunt } from '../hunt';
import type { Trunk } from '../policy-data';

/** The caller to present on a trunk in place of the real one; undefined where that one may stay. */
export function replacedCaller({ callerId }: Trunk, { from }: Hunt): string | undefined {
  if (!callerId) return undefined;
  const { allowed, otherwise } = callerId;
  const accepted = from !== undefined && allowed.some((pattern) => matchesDigits(pattern, from));
  return accepted ? undefined : otherwise;
}

/** Who the callee sees when a call goes out on this trunk; undefined for an anonymous call. */
export function presentedCaller(trunk: Trunk, hunt: Hunt): string | undefined {
  return replacedCaller(trunk, hunt) ?? hunt.from;
}
