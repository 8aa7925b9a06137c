import type { TrunkHealth } from './store';

/**
 * The least bad of trunks that are all held, for a first attempt: a call that is refused for
 * certain is worse than one that may get through. Undefined where every hold is absolute.
 * @param trunks in the route's order, which decides between equals
 */
export function lastResort(trunks: readonly TrunkHealth[]): TrunkHealth | undefined {
  return trunks
    .filter(({ hold }) => !hold?.absolute)
    .reduce<TrunkHealth | undefined>(
      (best, next) => (best && !isLess(badnessOf(next), badnessOf(best)) ? best : next),
      undefined,
    );
}

/** The least bad of several, by their index; undefined for none. */
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

/** Compared number by number; less is better. */
export function badnessOf({ phase, hold, trips }: TrunkHealth): readonly number[] {
  return [
    // What this PBX cannot even send on helps nobody.
    hold?.side === 'local' ? 1 : 0,
    phase === 'held' ? 1 : 0,
    trips,
    hold?.until ?? Infinity,
  ];
}
