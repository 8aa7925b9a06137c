import fc from 'fast-check';
import { evenPart, fairShares } from '../../../../../src/trunks/limits/shares/fair-shares';

describe('fair shares', () => {
  it.each([
    [10, [0, 0, 0], [4, 3, 3]],
    [10, [9, 1, 0], [9, 1, 0]],
    [10, [10, 10], [5, 5]],
    [10, [20, 2, 20], [4, 2, 4]],
    [10, [4, 4], [5, 5]],
    [10, [2, 1, 0], [5, 3, 2]],
    [2, [0, 5, 0], [0, 2, 0]],
  ])('%d calls by the needs %j are %j', (limit, needs, shares) => {
    expect(fairShares(limit, needs, 0)).toEqual(shares);
  });

  it('give the one call of a limit to each in turn, if all need it', () => {
    const turns = [0, 1, 2, 3].map((turn) => fairShares(1, [1, 1, 1], turn).indexOf(1));
    expect(new Set(turns)).toEqual(new Set([0, 1, 2]));
  });

  it('are the whole limit, and nobody who needs more has less than another who has more than he needs', () => {
    const needs = fc.array(fc.nat(30), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(fc.nat(60), needs, fc.nat(9), (limit, wanted, turn) => {
        const shares = fairShares(limit, wanted, turn);
        expect(shares.reduce((sum, share) => sum + share, 0)).toBe(limit);
        for (const [one, share] of shares.entries()) {
          expect(share).toBeGreaterThanOrEqual(0);
          for (const [other, its] of shares.entries()) {
            if (share < (wanted[one] ?? 0)) {
              expect(its).toBeLessThanOrEqual(
                Math.max(share + 1, Math.min(wanted[other] ?? 0, share + 1)),
              );
            }
          }
        }
      }),
    );
  });

  it('of an even part add up to the limit', () => {
    expect([0, 1, 2].map((place) => evenPart(10, 3, place))).toEqual([4, 3, 3]);
    expect(evenPart(10, 2, 1)).toBe(5);
  });
});
