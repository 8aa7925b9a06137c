/**
 * Divides a limit by need: nobody gets less than another who needs more, nobody more than is needed while others need
 * more (max-min fairness), and what nobody needs is spread evenly. Whole numbers; the sum is the limit.
 * @param needs of each, whole numbers from 0
 * @param turn where there is not one for each who needs one, another of them has it with each turn
 */
export function fairShares(limit: number, needs: readonly number[], turn: number): number[] {
  const shares = needs.map(() => 0);
  const inNeed = needs.filter((need) => need > 0).length;
  const first = inNeed > limit ? turn % Math.max(1, needs.length) : 0;
  const rank = (index: number) => (index + first) % needs.length;
  const byNeed = needs
    .map((need, index) => ({ need, index }))
    .sort((a, b) => a.need - b.need || rank(a.index) - rank(b.index));
  let left = limit;
  for (const [place, { need, index }] of byNeed.entries()) {
    const share = Math.min(need, Math.floor(left / (needs.length - place)));
    shares[index] = share;
    left -= share;
  }
  const evenly = needs.length > 0 ? Math.floor(left / needs.length) : 0;
  const over = left - evenly * needs.length;
  return shares.map((share, index) => share + evenly + (rank(index) < over ? 1 : 0));
}

/**
 * An even part of a limit for one of those that share it; the sum over all of them is the limit.
 * @param place of this one among them, from 0
 */
export function evenPart(limit: number, among: number, place: number): number {
  return Math.floor(limit / among) + (place < limit % among ? 1 : 0);
}
