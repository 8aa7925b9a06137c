import type { RouteCondition } from '../../policy/policy-data';
import { coversPattern, patternOf } from '../../policy/routes/digits';

/** Whether the wider condition of a route holds for every call that the narrower one holds for. */
export function coversCondition(
  wider: RouteCondition | undefined,
  narrower: RouteCondition | undefined,
): boolean {
  if (!wider) return true;
  const { from, context, time } = wider;
  if (
    from &&
    !each(narrower?.from, from, (inner, outer) => coversPattern(patternOf(outer), patternOf(inner)))
  )
    return false;
  if (context && !each(narrower?.context, context, (inner, outer) => inner === outer)) return false;
  return (
    !time ||
    each(narrower?.time, time, (inner, outer) => JSON.stringify(inner) === JSON.stringify(outer))
  );
}

/** Whether each of the narrower values is within one of the wider. */
function each<Value>(
  narrower: readonly Value[] | undefined,
  wider: readonly Value[],
  within: (inner: Value, outer: Value) => boolean,
): boolean {
  return narrower?.every((inner) => wider.some((outer) => within(inner, outer))) ?? false;
}
