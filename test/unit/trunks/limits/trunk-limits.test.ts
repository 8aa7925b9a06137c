import fc from 'fast-check';
import type { RetryBudget, Trunk, TrunkLimits } from '../../../../src/policy/policy-data';
import { DEFAULT_HEALTH } from '../../../../src/policy/health-settings';
import { InProcessTrunks } from '../../../../src/trunks/limits/trunk-limits';
import { START } from '../../../doubles/policies';

function trunk(limits: TrunkLimits = {}, name = 'a'): Trunk {
  const at = { file: 'p', line: 1, column: 1 };
  const health = DEFAULT_HEALTH;
  const times = { firstResponse: 1, ringTimeout: 1 };
  return { name, at, dial: { asterisk: 'PJSIP/{number}@a' }, ...times, limits, health, rules: [] };
}

function take(store: InProcessTrunks, its: Trunk, owner: string, now: number, more: object = {}) {
  const reservation = { trunk: its.name, retry: false, ...more };
  return store.commit(reservation, { trunk: its, budget: undefined }, owner, now);
}

describe('a hold', () => {
  it('stands in the way until it ends, and says who made it', () => {
    const store = new InProcessTrunks();
    store.hold('a', { from: START, ms: 1000, why: 'policy.yaml:14' });
    expect(store.obstacle(trunk(), START + 999)).toEqual({
      kind: 'held',
      why: `held until ${new Date(START + 1000).toISOString()} by policy.yaml:14`,
      until: START + 1000,
    });
    expect(store.obstacle(trunk(), START + 1000)).toBeUndefined();
    expect(store.obstacle(trunk({}, 'b'), START)).toBeUndefined();
  });

  it('is never shortened by another', () => {
    const store = new InProcessTrunks();
    store.hold('a', { from: START, ms: 1000, why: 'long' });
    store.hold('a', { from: START, ms: 10, why: 'short' });
    expect(store.obstacle(trunk(), START + 500)?.why).toMatch(/long$/);
    store.hold('a', { from: START, ms: 2000, why: 'longer' });
    expect(store.obstacle(trunk(), START + 1500)?.why).toMatch(/longer$/);
  });

  it('that comes between decision and reservation loses the trunk, but not for an emergency call', () => {
    const store = new InProcessTrunks();
    store.hold('a', { from: START, ms: 1000, why: 'x' });
    expect(take(store, trunk(), 'h1', START)).toBe('trunk');
    expect(store.inUseOn('a')).toBe(0);
    expect(take(store, trunk(), 'h1', START, { unconditional: true })).toBeUndefined();
    expect(store.inUseOn('a')).toBe(1);
  });
});

describe('calls at once', () => {
  it('are as many as the limit, and given back', () => {
    const store = new InProcessTrunks();
    const two = trunk({ concurrentCalls: 2 });
    expect(take(store, two, 'h1', START)).toBeUndefined();
    expect(store.obstacle(two, START)).toBeUndefined();
    expect(take(store, two, 'h2', START)).toBeUndefined();
    expect(store.obstacle(two, START)).toEqual({ kind: 'full', why: '2 calls at once' });
    expect(take(store, two, 'h3', START)).toBe('trunk');
    store.release('h1');
    store.release('h1');
    store.release('unknown');
    expect(store.inUseOn('a')).toBe(1);
    expect(take(store, two, 'h3', START)).toBeUndefined();
  });

  it('of one hunt are one: the next attempt gives the earlier channel back', () => {
    const store = new InProcessTrunks();
    take(store, trunk(), 'h1', START);
    take(store, trunk({}, 'b'), 'h1', START);
    expect([store.inUseOn('a'), store.inUseOn('b')]).toEqual([0, 1]);
  });

  it('for help are counted and never refused', () => {
    const store = new InProcessTrunks();
    const one = trunk({ concurrentCalls: 1, callsPerSecond: 1 });
    take(store, one, 'h1', START);
    expect(take(store, one, 'h2', START, { unconditional: true })).toBeUndefined();
    expect(store.inUseOn('a')).toBe(2);
  });
});

describe('calls per second', () => {
  it('never exceed the limit within any second, whatever the moments and pauses', () => {
    const attempt = fc.record({
      wait: fc.nat(700),
      delayMs: fc.constantFrom(0, 0, 0, 500, 1000, 2500),
    });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4 }),
        fc.array(attempt, { maxLength: 120 }),
        (limit, attempts) => {
          const store = new InProcessTrunks();
          const its = trunk({ callsPerSecond: limit });
          const starts: number[] = [];
          let now = START;
          for (const [index, { wait, delayMs }] of attempts.entries()) {
            now += wait;
            if (take(store, its, `h${index}`, now, { delayMs }) !== undefined) continue;
            starts.push(now + delayMs);
          }
          for (const start of starts) {
            const within = starts.filter((other) => other >= start && other < start + 1000);
            expect(within.length).toBeLessThanOrEqual(limit);
          }
        },
      ),
    );
  });

  it('are all to be had again a second later', () => {
    const store = new InProcessTrunks();
    const its = trunk({ callsPerSecond: 2 });
    take(store, its, 'h1', START);
    take(store, its, 'h2', START + 10);
    expect(store.obstacle(its, START + 999)).toEqual({ kind: 'full', why: '2 calls per second' });
    expect(store.obstacle(its, START + 1000)).toBeUndefined();
  });

  it('do not block a trunk when the clock was set back by an hour', () => {
    const store = new InProcessTrunks();
    const its = trunk({ callsPerSecond: 1 });
    take(store, its, 'h1', START);
    expect(take(store, its, 'h2', START - 3_600_000)).toBeUndefined();
    expect(store.obstacle(its, START - 3_599_500)?.kind).toBe('full');
    expect(store.obstacle(its, START - 3_599_000)).toBeUndefined();
    expect(store.obstacle(its, START)).toBeUndefined();
  });
});

describe('the retry budget', () => {
  const budget: RetryBudget = { ratio: 0.2, minPerSecond: 1 };
  const commit = (store: InProcessTrunks, retry: boolean, now: number, index: number) =>
    store.commit({ trunk: 'a', retry }, { trunk: trunk(), budget }, `h${index}`, now);

  it('is the minimum of ten seconds and a share of their calls', () => {
    const store = new InProcessTrunks();
    expect(store.retriesLeft(budget, START)).toBe(10);
    for (let index = 0; index < 50; index++) commit(store, false, START, index);
    expect(store.retriesLeft(budget, START)).toBe(20);
    for (let index = 0; index < 20; index++)
      expect(commit(store, true, START, index)).toBeUndefined();
    expect(store.retriesLeft(budget, START)).toBe(0);
    expect(commit(store, true, START, 99)).toBe('budget');
    expect(store.retriesLeft(undefined, START)).toBe(Infinity);
  });

  it('forgets after ten seconds, not before', () => {
    const store = new InProcessTrunks();
    const second = Math.floor(START / 1000) * 1000;
    for (let index = 0; index < 10; index++) commit(store, true, second, index);
    expect(store.retriesLeft(budget, second + 9_999)).toBe(0);
    expect(store.retriesLeft(budget, second + 10_000)).toBe(10);
    expect(store.retriesLeft(budget, second - 1_000)).toBe(10);
  });

  it('is not touched by calls for help', () => {
    const store = new InProcessTrunks();
    for (let index = 0; index < 100; index++) {
      take(store, trunk(), `h${index}`, START, { unconditional: true });
    }
    expect(store.retriesLeft(budget, START)).toBe(10);
  });
});

describe('the turn of a route', () => {
  it('moves on by one per reservation that uses it', () => {
    const store = new InProcessTrunks();
    take(store, trunk(), 'h1', START, { turn: '1*' });
    take(store, trunk(), 'h2', START, { turn: '1*' });
    take(store, trunk(), 'h3', START);
    expect([store.turn('1*'), store.turn('2*')]).toEqual([2, 0]);
  });

  it('stays where the reservation is refused', () => {
    const store = new InProcessTrunks();
    store.hold('a', { from: START, ms: 1, why: 'x' });
    take(store, trunk(), 'h1', START, { turn: '1*' });
    expect(store.turn('1*')).toBe(0);
  });
});
