// Own histogram: the packages (HDR, DDSketch) bring WebAssembly or protobuf for what is a map of counters here.

/**
 * Delays, counted in buckets whose bounds grow by a constant factor, so that histograms of any minutes and instances
 * add up and a percentile of the sum is off by 2% at most. Bucket → count; the buckets are the same everywhere.
 */
export type Delays = Readonly<Record<string, number>>;

/** A percentile is off by at most this share of itself. */
export const ERROR = 0.02;
const GROWTH = (1 + ERROR) / (1 - ERROR);
/** Ten minutes: no attempt rings later. With this, there are 333 buckets. Milliseconds. */
const LONGEST = 600_000;

/** @param ms delay in milliseconds; below 1 it counts as 1 */
export function bucketOf(ms: number): string {
  const within = Math.min(Math.max(ms, 1), LONGEST);
  return String(Math.ceil(Math.log(within) / Math.log(GROWTH) - 1e-9));
}

/**
 * The delay that this share of all delays does not exceed (nearest rank).
 * @param share 0.95 for the 95th percentile
 * @returns milliseconds; undefined where there are no delays
 */
export function percentile(delays: Delays, share: number): number | undefined {
  const sorted = Object.entries(delays)
    .map(([bucket, count]) => ({ bucket: Number(bucket), count }))
    .sort((one, other) => one.bucket - other.bucket);
  const total = sorted.reduce((sum, { count }) => sum + count, 0);
  let left = Math.max(Math.ceil(share * total - 1e-9), 1);
  for (const { bucket, count } of sorted) {
    left -= count;
    if (left <= 0) return (2 * GROWTH ** bucket) / (GROWTH + 1);
  }
  return undefined;
}
