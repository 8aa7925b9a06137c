import fc from 'fast-check';
import type { Route, RouteCondition } from '../../../../src/policy/policy-data';
import { matchesDigits, patternOf } from '../../../../src/policy/routes/digits';
import { buffersOf, packRoutes, unpackedIndex } from '../../../../src/policy/routes/packed-routes';
import type { Preference } from '../../../../src/policy/routes/pattern-index';
import {
  RouteIndex,
  routeName,
  type RoutedCall,
  type RoutingAround,
} from '../../../../src/policy/routes/route-index';

const route = (digits: string | readonly string[], more: Partial<Route> = {}): Route => ({
  at: { file: 'policy.yaml', line: 1, column: 1 },
  digits: [digits].flat(),
  trunks: ['carrier-a'],
  strategy: { kind: 'in-order' },
  rules: [],
  ...more,
});
const to = (number: string, more: Partial<RoutedCall> = {}): RoutedCall => ({
  number,
  startedAt: 0,
  ...more,
});

describe('of several routes', () => {
  it('the first that matches is taken, even where a later one is closer', () => {
    const routes = [route('2XXX'), route('1*'), route('1000'), route('*')] as const;
    expect(RouteIndex.over(routes).find(to('1000'))).toBe(routes[1]);
  });

  it('the longest that matches is taken where that is asked for, of equals the first', () => {
    const routes = [route('*'), route('1*'), route(['7*', '10*']), route('[12]0*')] as const;
    const index = RouteIndex.over(routes, 'longest');
    expect(index.find(to('1000'))).toBe(routes[2]);
    expect(index.find(to('2000'))).toBe(routes[3]);
    expect(index.find(to('1100'))).toBe(routes[1]);
    expect(index.find(to('3'))).toBe(routes[0]);
  });

  it('none is taken where none matches', () => {
    expect(RouteIndex.over([route('1XXX')]).find(to('2000'))).toBeUndefined();
  });

  it('time chooses only where a window decides between two', () => {
    const time = [{ days: [0], from: 480, to: 1080 }];
    const index = RouteIndex.over([
      route('1*', { when: { time } }),
      route('2*'),
      route('2*', { when: { time } }),
      route('3*', { when: { time, from: ['100'] } }),
      route('*'),
    ]);
    expect(index.dependsOnTime(to('1'))).toBe(true);
    expect(index.dependsOnTime(to('2'))).toBe(false);
    expect(index.dependsOnTime(to('3', { from: '100' }))).toBe(true);
    expect(index.dependsOnTime(to('3', { from: '200' }))).toBe(false);
  });

  it('one is taken only by the calls that it asks for', () => {
    const at = (minute: number) => ({ day: 0, minute });
    const around = { emergency: new Set<string>(), clock: at };
    const time = [{ days: [0], from: 480, to: 1080 }];
    const asks = (when: RouteCondition) => route('*', { when });
    const routes = [
      asks({ from: ['+4930*'] }),
      asks({ context: ['from-sales'] }),
      asks({ time }),
      asks({ time, from: ['1XX'] }),
      route('*'),
    ] as const;
    const index = RouteIndex.over(routes, 'first', around);
    const found = (more: Partial<RoutedCall>) => index.find(to('1', more));
    expect(found({ from: '+49301' })).toBe(routes[0]);
    expect(found({ from: '1', context: 'from-sales' })).toBe(routes[1]);
    expect(found({ startedAt: 480 })).toBe(routes[2]);
    expect(found({ startedAt: 1080, from: '100' })).toBe(routes[4]);
    expect(found({})).toBe(routes[4]);
    const narrow = RouteIndex.over([routes[3], routes[4]], 'first', around);
    expect(narrow.find(to('1', { startedAt: 500, from: '100' }))).toBe(routes[3]);
    expect(narrow.find(to('1', { startedAt: 500, from: '200' }))).toBe(routes[4]);
    expect(narrow.find(to('1', { startedAt: 100, from: '100' }))).toBe(routes[4]);
  });

  it('an emergency call takes none that refuses', () => {
    const refuse = { sip: 403 };
    const routes = [route('1*', { refuse, trunks: [] }), route('*')] as const;
    const index = RouteIndex.over(routes, 'first', { emergency: new Set(['112']) });
    expect(index.find(to('112'))).toBe(routes[1]);
    expect(index.find(to('113'))).toBe(routes[0]);
  });

  it('that were packed and cross to another thread, each comes back as it was', () => {
    const routes = Array.from({ length: 2_500 }, (_, index) =>
      route(`${1000 + index}*`, {
        trunks: [`carrier-${index}`, 'größer'],
        strategy: { kind: 'weighted', weights: { [`carrier-${index}`]: index } },
      }),
    );
    const packed = packRoutes(routes);
    const index = unpackedIndex(structuredClone(packed, { transfer: [...buffersOf(packed)] }));
    for (const it of routes) expect(index.find(to(routeName(it).replace('*', '77')))).toEqual(it);
    expect(index.find(to('3500'))).toBeUndefined();
    expect(index.find(to('1000'))).toBe(index.find(to('1000')));
  });
});

/** The route by its definition: through all of them, one after the other. */
function naive(
  routes: readonly Route[],
  preference: Preference,
  call: RoutedCall,
  { emergency, clock }: RoutingAround,
): Route | undefined {
  const fits = routes.flatMap((one) =>
    one.digits
      .filter((digits) => matchesDigits(digits, call.number))
      .filter(() => !(emergency.has(call.number) && one.refuse))
      .filter(() => {
        const { from, context, time } = one.when ?? {};
        const minute = clock?.(call.startedAt).minute ?? NaN;
        return (
          (!from || from.some((digits) => matchesDigits(digits, call.from ?? ''))) &&
          (!context || context.includes(call.context ?? '')) &&
          (!time || time.some((window) => minute >= window.from && minute < window.to))
        );
      })
      .map((digits) => ({ one, length: patternOf(digits).places.length })),
  );
  if (preference === 'first') return fits[0]?.one;
  const longest = Math.max(...fits.map(({ length }) => length));
  return fits.find(({ length }) => length === longest)?.one;
}

describe('the route found by its prefix', () => {
  const pattern = fc.oneof(
    fc.stringMatching(/^[+0-3XZN]{0,4}\*$/),
    fc.stringMatching(/^[+0-3XZN]{1,4}$/),
    fc.constantFrom('_1.', '_[12]!', '[0-2]1', '[2]X*', '0[*]', '_*1'),
  );
  const when = fc.record(
    {
      from: fc.constantFrom(['1*'], ['2', '3']),
      context: fc.constant(['sales']),
      time: fc.constant([{ days: [0], from: 10, to: 20 }]),
    },
    { requiredKeys: [] },
  );
  const anyRoute = fc.record({
    digits: fc.array(pattern, { minLength: 1, maxLength: 3 }),
    when: fc.option(when, { nil: undefined }),
    refuse: fc.option(fc.constant({ sip: 403 }), { nil: undefined, freq: 5 }),
  });
  const call = fc.record(
    {
      number: fc.stringMatching(/^[+0-3*]{1,6}$/),
      startedAt: fc.integer({ min: 5, max: 25 }),
      from: fc.constantFrom('1', '12', '2', '9'),
      context: fc.constantFrom('sales', 'other'),
    },
    { requiredKeys: ['number', 'startedAt'] },
  );

  it.each(['first', 'longest'] as const)(
    'is the one found by going through all, match: %s',
    (preference) => {
      const around = {
        emergency: new Set(['11', '2']),
        clock: (now: number) => ({ day: 0, minute: now }),
      };
      let found = 0;
      fc.assert(
        fc.property(fc.array(anyRoute, { maxLength: 8 }), call, (parts, dialled) => {
          const routes = parts.map(({ digits, ...more }) =>
            route(digits, present(more as Partial<Route>)),
          );
          const slow = naive(routes, preference, dialled, around);
          expect(RouteIndex.over(routes, preference, around).find(dialled)).toBe(slow);
          const packed = packRoutes(routes, preference);
          expect(unpackedIndex(packed, around).find(dialled)).toEqual(slow);
          if (slow) found += 1;
        }),
        { numRuns: 3000 },
      );
      expect(found).toBeGreaterThan(300);
    },
  );
});

function present(parts: Partial<Route>): Partial<Route> {
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined));
}

describe('the name of a route', () => {
  it('is its digits, of which the first three are shown', () => {
    expect(routeName(route('0*'))).toBe('0*');
    expect(routeName(route(['011*', '900*', '1']))).toBe('011*, 900*, 1');
    expect(routeName(route(['011*', '900*', '1', '2', '3']))).toBe('011*, 900*, 1 and 2 more');
  });
});
