import { Crowd } from '../../../../adapters/redis/crowd';

/** Of many instances that know of so many connections: waits at random, from the shortest to the longest. */
function waits(...noted: number[]): readonly [shortest: number, longest: number] {
  const at = (random: number) => {
    const crowd = new Crowd(() => random);
    for (const one of noted) crowd.note(one);
    return crowd.wait();
  };
  return [at(0), at(1)];
}

describe('before the next attempt to connect, an instance waits', () => {
  it.each([
    ['less than a second where they are few', [3], 800],
    ['and where nobody has said how many', [], 800],
    ['a second for each thousand connections', [3_000], 3_200],
    ['ten seconds at most', [1e9], 10_200],
    ['by what was said last but one, where hardly anybody is back yet', [4_000, 2], 2_200],
    ['no longer than before by what is no number', [NaN], 800],
  ])('%s', (_, noted, longest) => {
    expect(waits(...noted)).toEqual([200, longest]);
  });

  it('so that of 20,000 connections no more than a thousand and a few come back in half a second', () => {
    const crowd = new Crowd();
    crowd.note(20_000);
    const slots = new Map<number, number>();
    for (let index = 0; index < 20_000; index++) {
      const slot = Math.floor(crowd.wait() / 500);
      slots.set(slot, (slots.get(slot) ?? 0) + 1);
    }
    expect(Math.max(...slots.values())).toBeLessThan(1_250);
  });
});
