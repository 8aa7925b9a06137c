import fc from 'fast-check';
import type { Route } from '../../../../src/policy/policy-data';
import { rankingKey } from '../../../../src/policy/routes/best';
import { Rankings } from '../../../../src/trunks/ranking/rankings';

const START = 1_800_000_000_000;
const LOOK = 10_000;
const HOUR = 3_600_000;

function routeOf(...trunks: string[]): Route {
  return {
    at: { file: 'policy.yaml', line: 1, column: 1 },
    digits: ['*'],
    trunks,
    strategy: { kind: 'best' },
    rules: [],
  };
}

function setUp(...trunks: string[]) {
  const route = routeOf(...trunks);
  const rankings = new Rankings();
  let now = START;
  const look = () => rankings.ranking(route, (now += LOOK));
  look();
  return {
    look,
    wait: (ms: number) => (now += ms),
    order: () => look().order.join(' '),
    tell: (trunk: string, answered: number, of: number) => {
      for (let call = 0; call < of; call++)
        rankings.attempted(rankingKey(route), trunk, call < answered, now);
    },
  };
}

describe('a ranking', () => {
  it('begins as the file has it', () => {
    const { look } = setUp('a', 'b');
    const why = 'a (too few calls), b (too few calls)';
    expect(look()).toEqual({ order: ['a', 'b'], why });
  });

  it('puts the better trunk first, and tells the figures', () => {
    const { look, tell } = setUp('a', 'b');
    tell('a', 80, 200);
    tell('b', 60, 100);
    const why = 'b (ASR 60% of 100), a (ASR 40% of 200)';
    expect(look()).toEqual({ order: ['b', 'a'], why });
  });

  it('lets the last one pass all others at once, and tells four of many', () => {
    const { look, tell } = setUp('a', 'b', 'c', 'd', 'e', 'f');
    for (const name of ['a', 'b', 'c', 'd', 'e']) tell(name, 80, 200);
    tell('f', 190, 200);
    expect(look().order).toEqual(['f', 'a', 'b', 'c', 'd', 'e']);
    expect(look().why).toMatch(/^f \(ASR 95% of 200\), a .*, b .*, c \(ASR 40% of 200\), 2 more$/);
  });

  it.each([
    ['with fewer than fifty calls', [200, 20], [49, 49]],
    ['by less than ten points', [10_000, 5_000], [10_000, 5_900]],
    ['by what may be chance', [200, 100], [50, 33]],
  ])('lets no trunk pass %s', (_what, [ofA = 0, ofItA = 0], [ofB = 0, ofItB = 0]) => {
    const { order, tell } = setUp('a', 'b');
    tell('a', ofItA, ofA);
    tell('b', ofItB, ofB);
    expect(order()).toBe('a b');
  });

  it('keeps an order until the other trunk is better by the same margin', () => {
    const { order, tell, wait } = setUp('a', 'b');
    tell('a', 200, 500);
    tell('b', 300, 500);
    expect(order()).toBe('b a');
    wait(7 * HOUR);
    tell('a', 270, 500);
    tell('b', 250, 500);
    expect(order()).toBe('b a');
    wait(7 * HOUR);
    expect(order()).toBe('b a');
    tell('a', 300, 500);
    tell('b', 200, 500);
    expect(order()).toBe('a b');
  });

  it('looks at the figures every ten seconds, not with every call', () => {
    const route = routeOf('a', 'b');
    const rankings = new Rankings();
    const first = rankings.ranking(route, START);
    for (let call = 0; call < 100; call++) {
      rankings.attempted(rankingKey(route), 'a', false, START);
      rankings.attempted(rankingKey(route), 'b', true, START);
    }
    expect(rankings.ranking(route, START + LOOK - 1)).toBe(first);
    expect(rankings.ranking(route, START + LOOK).order).toEqual(['b', 'a']);
    expect(rankings.ranking(route, START - HOUR)).not.toBe(first);
  });

  it('is of one route and its trunks; a call of another one counts for neither', () => {
    const { order, tell } = setUp('a', 'b');
    tell('a', 0, 100);
    tell('c', 100, 100);
    const rankings = new Rankings();
    rankings.attempted('unknown', 'a', true, START);
    expect(order()).toBe('a b');
  });
});

describe('two trunks', () => {
  it('whose calls end alike take no turns, whatever comes', () => {
    const outcomes = fc.array(fc.tuple(fc.boolean(), fc.boolean(), fc.nat(600_000)), {
      minLength: 100,
      maxLength: 400,
    });
    fc.assert(
      fc.property(outcomes, (calls) => {
        const { look, tell, wait } = setUp('a', 'b');
        for (const [answered, doubled, ms] of calls) {
          const of = doubled ? 2 : 1;
          tell('a', answered ? of : 0, of);
          tell('b', answered ? of : 0, of);
          wait(ms);
          expect(look().order).toEqual(['a', 'b']);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('change places only by a difference of ten points, so never to and fro about one figure', () => {
    const phases = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 300 })),
      { minLength: 1, maxLength: 30 },
    );
    fc.assert(
      fc.property(phases, (shares) => {
        const { order, tell, wait } = setUp('a', 'b');
        let before = 'a b';
        for (const [a, b] of shares) {
          wait(7 * HOUR);
          tell('a', a, 300);
          tell('b', b, 300);
          const after = order();
          const [first, second] = after === 'a b' ? [a, b] : [b, a];
          expect(second - first).toBeLessThan(60);
          if (after !== before) expect(first - second).toBeGreaterThanOrEqual(30);
          before = after;
        }
      }),
    );
  });

  it('that are alike change places at most once a month of random calls', () => {
    for (let seed = 1; seed <= 3; seed++) {
      const random = randomFrom(seed);
      const { order, tell, wait } = setUp('a', 'b');
      let before = order();
      let swaps = 0;
      // Three thousand calls a day, one in twenty to the second one.
      for (let call = 0; call < 90_000; call++) {
        const [best = '', other = ''] = before.split(' ');
        tell(random() < 0.05 ? other : best, random() < 0.5 ? 1 : 0, 1);
        wait(28_800 - LOOK);
        const after = order();
        if (after !== before) swaps += 1;
        before = after;
      }
      expect(swaps).toBeLessThanOrEqual(1);
    }
  });
});

/** The same numbers each time (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mix = Math.imul(state ^ (state >>> 15), 1 | state);
    mix = (mix + Math.imul(mix ^ (mix >>> 7), 61 | mix)) ^ mix;
    return ((mix ^ (mix >>> 14)) >>> 0) / 2 ** 32;
  };
}
