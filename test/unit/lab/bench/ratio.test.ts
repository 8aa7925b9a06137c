import { ratioOfP99, type Rounds } from '../../../../lab/bench/decisions/ratio';

/** Rounds of 100 decisions; the slowest two of each take so long. */
const rounds = (...slowest: readonly number[]): Rounds =>
  slowest.map((ms) => [...Array.from({ length: 98 }, () => 1), ms, ms]);

/** Draws in turn; the same in each run. */
function drawing(): () => number {
  let drawn = 0;
  return () => ((drawn += 0.37), drawn % 1);
}

test('the ratio is that of all decisions of all rounds', () => {
  const { pooled } = ratioOfP99(rounds(9, 6, 3), rounds(3, 3, 3), drawing());
  // Of 300 decisions, the fourth slowest from the top: of the second round.
  expect(pooled).toBe(2);
});

test('rounds that differ make the interval wide, and rounds alike make it a point', () => {
  const wide = ratioOfP99(rounds(9, 6, 3), rounds(3, 3, 3), drawing());
  expect(wide.low).toBeLessThan(2);
  expect(wide.high).toBeGreaterThan(2);
  const point = ratioOfP99(rounds(4, 4, 4), rounds(2, 2, 2), drawing());
  expect(point).toEqual({ pooled: 2, low: 2, high: 2 });
});

test('what is drawn is drawn of both: a round in which all was slow widens nothing', () => {
  expect(ratioOfP99(rounds(4, 40, 400), rounds(2, 20, 200), drawing())).toEqual({
    ...{ pooled: 2, low: 2, high: 2 },
  });
});
