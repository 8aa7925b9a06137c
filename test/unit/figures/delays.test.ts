import fc from 'fast-check';
import { counts, merged, NONE } from '../../../src/figures/counts';
import { bucketOf, ERROR, percentile, type Delays } from '../../../src/figures/delays';

const mergedDelays = (one: Delays, other: Delays): Delays =>
  merged(counts({ pdd: one }), counts({ pdd: other })).pdd;
const of = (list: readonly number[]): Delays =>
  list.reduce<Delays>((sum, ms) => mergedDelays(sum, { [bucketOf(ms)]: 1 }), {});
const delay = fc.integer({ min: 1, max: 600_000 });
const SHARES = [0.5, 0.95, 0.99, 1];

/** Nearest rank, from all values. */
function exact(list: readonly number[], share: number): number {
  const sorted = [...list].sort((one, other) => one - other);
  return sorted[Math.max(Math.ceil(share * sorted.length - 1e-9), 1) - 1] ?? NaN;
}

describe('delays', () => {
  it.each<[readonly number[], number, number]>([
    [[100], 0.99, 100],
    [[100, 200, 300, 400], 0.5, 200],
    [[100, 200, 300, 400], 0.95, 400],
    [Array.from({ length: 100 }, (_, index) => 1000 + index * 10), 0.95, 1940],
    [[0, -5], 0.5, 1],
    [[10_000_000], 0.5, 600_000],
  ])('%j: %d of them are not above %d ms, within the error', (list, share, expected) => {
    const found = percentile(of(list), share) ?? NaN;
    expect(Math.abs(found - expected) / expected).toBeLessThanOrEqual(ERROR + 1e-9);
  });

  it('of nothing have no percentile', () => {
    expect(percentile({}, 0.5)).toBeUndefined();
  });

  it('have percentiles within the error, however they were spread over minutes', () => {
    fc.assert(
      fc.property(fc.array(fc.array(delay), { minLength: 1 }), (minutes) => {
        const all = minutes.flat();
        fc.pre(all.length > 0);
        const merged = minutes.map(of).reduce(mergedDelays, NONE.pdd);
        expect(merged).toEqual(of(all));
        for (const share of SHARES) {
          const right = exact(all, share);
          const found = percentile(merged, share) ?? NaN;
          expect(Math.abs(found - right)).toBeLessThanOrEqual(right * ERROR + 1e-6);
        }
      }),
    );
  });

  it('fall into 333 buckets at most', () => {
    expect(Number(bucketOf(600_000))).toBeLessThanOrEqual(333);
    expect(bucketOf(0)).toBe('0');
  });
});
