import fc from 'fast-check';
import {
  advance,
  cooldownOf,
  step,
  type BreakerEvent,
} from '../../../../src/trunks/health/breaker/breaker';
import {
  LAST_GENERATION,
  MOST_TRIPS,
  NEVER_TRIPPED,
  type BreakerState,
} from '../../../../src/trunks/health/breaker/state';
import { transitionOf, TRANSITIONS } from '../../../../src/trunks/health/breaker/table';
import { DEFAULT_HEALTH } from '../../../../src/policy/health-settings';

const settings = DEFAULT_HEALTH;
const trip = (at: number, more = {}): BreakerEvent => ({
  on: 'trip',
  cause: 'faults',
  class: 'trunk-congested',
  why: 'five',
  id: `t${at}`,
  at,
  ...more,
});
const hold = (at: number, more = {}): BreakerEvent => ({
  on: 'hold',
  cause: 'rule',
  why: 'rule',
  id: `h${at}`,
  at,
  ...more,
});
const after = (events: readonly BreakerEvent[], random = 0) =>
  events.reduce<BreakerState>(
    (state, event) => step(state, event, settings, random),
    NEVER_TRIPPED,
  );

describe('the table of transitions', () => {
  it('has one row for a phase and an event', () => {
    const keys = TRANSITIONS.map(({ from, on }) => `${from} ${on}`);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('leads out of every phase', () => {
    for (const phase of ['closed', 'held', 'half-open'] as const) {
      expect(TRANSITIONS.some(({ from, to }) => from === phase && to !== phase)).toBe(true);
    }
  });
});

describe('a breaker', () => {
  it('never counts beyond what other instances take', () => {
    const last: BreakerState = { phase: 'closed', generation: LAST_GENERATION, trips: MOST_TRIPS };
    const cleared = step(last, { on: 'clear', at: 5 }, settings, 0);
    expect(cleared.generation).toBe(LAST_GENERATION);
    const held = step(last, hold(1, { cause: 'operator' }), settings, 0);
    const replaced = step(held, hold(2, { cause: 'operator' }), settings, 0);
    expect(replaced).toMatchObject({ generation: LAST_GENERATION, hold: { id: 'h2' } });
    const tripped = step({ ...last, since: 0 }, trip(1), settings, 0);
    expect(tripped.trips).toBe(MOST_TRIPS);
  });

  it('is held by a trip until its cooldown is over, then half open', () => {
    const held = after([trip(1000)]);
    expect(held).toMatchObject({ phase: 'held', trips: 1, hold: { since: 1000, until: 31_000 } });
    expect(advance(held, 30_999)).toBe(held);
    expect(advance(held, 31_000)).toMatchObject({ phase: 'half-open', trips: 1 });
  });

  it('closes when its probes worked and doubles the cooldown when one failed', () => {
    const open = advance(after([trip(0)]), 30_000);
    expect(step(open, { on: 'probes-worked', at: 31_000 }, settings, 0)).toEqual({
      phase: 'closed',
      generation: 1,
      trips: 1,
      since: 31_000,
    });
    const again = step(
      open,
      { on: 'probe-failed', at: 31_000, id: 'p', class: 'trunk-timeout', why: 'probe' },
      settings,
      0,
    );
    expect(again).toMatchObject({ phase: 'held', trips: 2, hold: { until: 91_000 } });
  });

  it('remembers its trips while it flaps, and forgets them after the longest cooldown in order', () => {
    const closed = step(
      advance(after([trip(0)]), 30_000),
      { on: 'probes-worked', at: 30_000 },
      settings,
      0,
    );
    expect(step(closed, trip(40_000), settings, 0)).toMatchObject({ trips: 2 });
    expect(step(closed, trip(30_000 + settings.maxCooldown), settings, 0)).toMatchObject({
      trips: 1,
    });
  });

  it('waits for as long as the carrier asks, at most retry_after_max', () => {
    expect(after([trip(0, { retryAfter: 45_000 })])).toMatchObject({ hold: { until: 45_000 } });
    expect(after([trip(0, { retryAfter: 9e9 })])).toMatchObject({ hold: { until: 60_000 } });
    const asked = hold(0, { cause: 'retry-after', for: 9e9 });
    expect(after([asked])).toMatchObject({ hold: { until: 60_000, absolute: false }, trips: 0 });
  });

  it.each([
    ['an operator', hold(0, { cause: 'operator' })],
    ['a rule on no-credit', hold(0, { class: 'no-credit', for: 5 })],
    ['a trip by no-credit', trip(0, { class: 'no-credit' })],
  ])('held by %s is held absolutely', (_who, event) => {
    expect(after([event])).toMatchObject({ hold: { absolute: true } });
  });

  it('held without an end stays so until it is cleared', () => {
    const held = after([hold(0, { cause: 'operator' })]);
    expect(advance(held, Number.MAX_SAFE_INTEGER)).toBe(held);
    expect(step(held, { on: 'clear', at: 5 }, settings, 0)).toMatchObject({ phase: 'closed' });
  });

  it('keeps the longer and stricter of two holds', () => {
    const long = hold(0, { for: 900 });
    expect(after([long, hold(1, { for: 10 })])).toMatchObject({ hold: { id: 'h0' } });
    expect(after([long, hold(1, { for: 1000 })])).toMatchObject({ hold: { id: 'h1' } });
    expect(after([long, hold(1, { for: 10, class: 'no-credit' })])).toMatchObject({
      hold: { id: 'h1' },
    });
  });

  it('takes an operator’s latest word', () => {
    const twice = [hold(0, { cause: 'operator' }), hold(1, { cause: 'operator', for: 10 })];
    expect(after(twice)).toMatchObject({ generation: 1, hold: { id: 'h1', until: 11 } });
  });

  it('is not tripped twice by calls that were under way', () => {
    const held = after([trip(0)]);
    expect(step(held, trip(1), settings, 0)).toBe(held);
  });

  it('goes nowhere but where the table says, whatever happens', () => {
    const at = fc.nat({ max: 10_000_000 });
    const event = fc.oneof(
      at.map((time) => trip(time)),
      at.map((time) => hold(time, { for: 1000 })),
      at.map((time) => hold(time, { cause: 'operator' })),
      fc.record({
        on: fc.constantFrom(
          'cooldown-over' as const,
          'probes-worked' as const,
          'pings-worked' as const,
          'clear' as const,
        ),
        at,
      }),
      fc
        .record({ on: fc.constantFrom('probe-failed' as const, 'pings-failed' as const), at })
        .map(({ on, at: time }): BreakerEvent => ({
          on,
          at: time,
          id: 'p',
          class: 'trunk-failed',
          why: 'p',
        })),
    );
    fc.assert(
      fc.property(
        fc.array(event, { maxLength: 40 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (list, r) => {
          let state: BreakerState = NEVER_TRIPPED;
          for (const next of list) {
            const row = transitionOf(state.phase, next.on);
            const target = step(state, next, settings, r);
            if (target !== state) expect(target.phase).toBe(row?.to);
            expect(target.generation).toBeGreaterThanOrEqual(state.generation);
            state = target;
          }
        },
      ),
    );
  });
});

describe('a cooldown', () => {
  it('doubles up to its maximum, a tenth shorter at most', () => {
    expect([1, 2, 3, 4, 5, 6, 60].map((trips) => cooldownOf(trips, settings, 0))).toEqual([
      30_000, 60_000, 120_000, 240_000, 480_000, 600_000, 600_000,
    ]);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2000 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (n, r) => {
          const full = cooldownOf(n, settings, 0);
          const real = cooldownOf(n, settings, r);
          expect(real).toBeLessThanOrEqual(full);
          expect(real).toBeGreaterThanOrEqual(full * 0.9 - 1);
        },
      ),
    );
  });
});
