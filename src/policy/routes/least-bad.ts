/**
 * The least bad of trunks that are all held, by its index; the first of equals, undefined for none. A
 * call that is refused for certain is worse than one that may get through.
 */
export function leastBad(badness: readonly (readonly number[])[]): number | undefined {
  return badness.reduce<number | undefined>(
    (best, one, index) => (best === undefined || isLess(one, badness[best] ?? []) ? index : best),
    undefined,
  );
}

function isLess(left: readonly number[], right: readonly number[]): boolean {
  const index = left.findIndex((value, at) => value !== right[at]);
  return index >= 0 && (left[index] ?? 0) < (right[index] ?? 0);
}
