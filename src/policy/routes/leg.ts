import { replacedCaller } from './caller-id';
import type { Leg } from '../decision/decision';
import type { Hunt } from '../hunt';
import { formatNumber, rewriteNumber } from './number';
import type { Policy } from '../policy';
import type { Route, Trunk } from '../policy-data';

/**
 * The number to dial on a trunk and the caller to present; undefined if the trunk cannot take the number.
 * An emergency number is dialled exactly as it came.
 * @param target number from a 3xx, which the route's own rewriting is not for
 */
export function legOn(
  policy: Policy,
  trunk: Trunk,
  { hunt, route }: { readonly hunt: Hunt; readonly route?: Route | undefined },
  target = hunt.target,
): Leg | undefined {
  const number = numberFor(policy, trunk, { hunt, route }, target);
  if (number === undefined) return undefined;
  const callerId = replacedCaller(trunk, hunt);
  return { trunk: trunk.name, number, ...(callerId !== undefined && { callerId }) };
}

function numberFor(
  { index }: Policy,
  trunk: Trunk,
  { hunt, route }: { readonly hunt: Hunt; readonly route?: Route | undefined },
  target: string | undefined,
): string | undefined {
  const { plan } = index;
  if (index.emergency.has(hunt.number)) return hunt.number;
  if (target !== undefined) return formatNumber(target, trunk.number, plan);
  const rewritten = rewriteNumber(hunt.number, route?.number, plan);
  if (rewritten === undefined) return undefined;
  const { format, ...rest } = trunk.number ?? {};
  // The route's format counts in place of the trunk's.
  const own = route?.number?.format === undefined && format !== undefined ? { format } : {};
  return formatNumber(rewritten, { ...own, ...rest }, plan);
}
