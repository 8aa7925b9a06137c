import { merged, type Counts } from './counts';
import type { Holds } from './holds';

/** Counts of one trunk, route or PBX. */
export interface NamedCounts {
  /** Empty: without a trunk, or without a route. */
  readonly name: string;
  readonly counts: Counts;
  /** Of a trunk. */
  readonly holds?: Holds | undefined;
  /** Of a trunk: the most calls at once. */
  readonly peak?: number | undefined;
  /** Of a trunk: calls at once that the policy allows. */
  readonly limit?: number | undefined;
}

/**
 * Of several instances together, most attempts first. Instances may share a trunk's health, and each counts calls at once
 * against limits for itself: of holds and peaks, the largest counts.
 */
export function mergedNamed(lists: readonly (readonly NamedCounts[])[]): readonly NamedCounts[] {
  const found = new Map<string, NamedCounts>();
  for (const one of lists.flat()) {
    const other = found.get(one.name);
    found.set(one.name, other ? both(other, one) : one);
  }
  return [...found.values()].sort((a, b) => b.counts.attempts - a.counts.attempts);
}

function both(one: NamedCounts, other: NamedCounts): NamedCounts {
  const largest = (a: number | undefined, b: number | undefined) =>
    a === undefined ? b : Math.max(a, b ?? 0);
  const holds = (one.holds?.heldMs ?? -1) >= (other.holds?.heldMs ?? -1) ? one.holds : other.holds;
  return {
    name: one.name,
    counts: merged(one.counts, other.counts),
    holds,
    peak: largest(one.peak, other.peak),
    limit: largest(one.limit, other.limit),
  };
}
