/**
 * Index of the least bad of several held trunks; the first of equals, undefined for none. A call that may
 * fail is better than one that is refused for certain.
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
