import fc from 'fast-check';
import { merge } from '../../../../src/trunks/health/breaker/merge';
import { LAST_GENERATION, type BreakerState } from '../../../../src/trunks/health/breaker/state';

const common = {
  generation: fc.oneof(fc.nat({ max: 3 }), fc.constant(LAST_GENERATION)),
  trips: fc.nat({ max: 4 }),
};
const arbitraryHold = fc
  .record({
    until: fc.option(fc.nat({ max: 5 }), { nil: undefined }),
    absolute: fc.boolean(),
    since: fc.nat({ max: 3 }),
  })
  .map(({ until, absolute, since }) => ({
    // Holds of the same id are the same hold.
    id: `${absolute} ${since} ${until ?? 'never'}`,
    cause: 'faults' as const,
    why: '',
    since,
    absolute,
    ...(until !== undefined && { until }),
  }));
const arbitraryState: fc.Arbitrary<BreakerState> = fc.oneof(
  fc.record({ phase: fc.constant('closed' as const), since: fc.nat({ max: 3 }), ...common }),
  fc.record({ phase: fc.constant('held' as const), hold: arbitraryHold, ...common }),
  fc.record({ phase: fc.constant('half-open' as const), hold: arbitraryHold, ...common }),
);

describe('two states merged', () => {
  it('are the same in any order, however often', () => {
    fc.assert(
      fc.property(arbitraryState, arbitraryState, arbitraryState, (a, b, c) => {
        expect(merge(a, b)).toEqual(merge(b, a));
        expect(merge(a, a)).toBe(a);
        expect(merge(merge(a, b), b)).toEqual(merge(a, b));
        expect(merge(merge(a, b), c)).toEqual(merge(a, merge(b, c)));
      }),
    );
  });

  it('never add trips up, and keep one hold for a fault that both saw', () => {
    const held = (id: string, until: number): BreakerState => ({
      phase: 'held',
      generation: 0,
      trips: 1,
      hold: { id, cause: 'faults', absolute: false, why: '', since: 0, until },
    });
    expect(merge(held('a', 10), held('b', 12))).toEqual(held('b', 12));
  });

  it('are one and the same hold whose times have travelled', () => {
    const held = (until: number): BreakerState => ({
      phase: 'held',
      generation: 0,
      trips: 1,
      hold: { id: 'a', cause: 'faults', absolute: false, why: '', since: 0, until },
    });
    const mine = held(10);
    expect(merge(mine, held(12))).toBe(mine);
  });

  it('are what was closed last, also against a hold without an end', () => {
    const cleared: BreakerState = { phase: 'closed', generation: 2, trips: 0, since: 5 };
    const held: BreakerState = {
      phase: 'held',
      generation: 1,
      trips: 9,
      hold: { id: 'x', cause: 'operator', absolute: true, why: '', since: 9 },
    };
    expect(merge(held, cleared)).toBe(cleared);
  });

  it('in the last generation are the later one, whichever phase it is in', () => {
    const closed = (since: number): BreakerState => ({
      phase: 'closed',
      generation: LAST_GENERATION,
      trips: 0,
      since,
    });
    const held: BreakerState = {
      phase: 'held',
      generation: LAST_GENERATION,
      trips: 0,
      hold: { id: 'x', cause: 'operator', absolute: true, why: '', since: 5 },
    };
    expect(merge(held, closed(6))).toEqual(closed(6));
    expect(merge(held, closed(4))).toBe(held);
  });
});
