import type { TrunkHealth } from './health-store';

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

/** Compared number by number; less is better. */
export function badnessOf({ phase, hold, trips }: TrunkHealth): readonly number[] {
  return [
    // A trunk that this PBX cannot even send to is of no use.
    hold?.side === 'local' ? 1 : 0,
    phase === 'held' ? 1 : 0,
    trips,
    hold?.until ?? Infinity,
  ];
}
