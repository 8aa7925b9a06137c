import fc from 'fast-check';
import { illegalDigit, isDialable, matchesDigits } from '../../../../src/policy/routes/digits';
import { buffersOf, packRoutes, unpackedIndex } from '../../../../src/policy/routes/packed-routes';
import { RouteIndex } from '../../../../src/policy/routes/route-index';
import type { Route } from '../../../../src/policy/policy-data';

const KEYS = '0123456789ABCD*#+';
const dialled = fc.string({ unit: fc.constantFrom(...KEYS), minLength: 1, maxLength: 32 });
/** Without a star, which at the end of a pattern is no literal. */
const starless = fc.string({ unit: fc.constantFrom(...KEYS.replace('*', '')), minLength: 1 });

describe('a pattern matches a number as a whole', () => {
  it.each([
    ['112', '112', true],
    ['112', '1124', false],
    ['112', '11', false],
    ['1XXX', '1000', true],
    ['1XXX', '10000', false],
    ['1XXX', '2000', false],
    ['X', '0', true],
    ['X', '9', true],
    ['X', '*', false],
    ['X', 'A', false],
    ['Z', '0', false],
    ['Z', '1', true],
    ['N', '1', false],
    ['N', '2', true],
    ['N', '9', true],
    ['*', '1', true],
    ['*', '*72#', true],
    ['00*', '00', true],
    ['00*', '0049', true],
    ['00*', '0', false],
    ['+49X*', '+491', true],
    ['+49X*', '+49', false],
    ['*72', '*72', true],
    ['*72', '172', false],
    ['*72*', '*72', true],
    ['*72*', '*721', true],
    ['**', '*', true],
    ['**', '1', false],
    ['A#', 'A#', true],
    ['A', 'a', false],
  ])('%s and %s: %s', (pattern, number, expected) => {
    expect(matchesDigits(pattern, number)).toBe(expected);
  });
});

describe('a pattern of literals', () => {
  it('matches itself and nothing else', () => {
    fc.assert(
      fc.property(starless, dialled, (pattern, number) => {
        expect(matchesDigits(pattern, pattern)).toBe(true);
        expect(matchesDigits(pattern, number)).toBe(pattern === number);
      }),
    );
  });

  it('with a star behind it matches all that begins with it', () => {
    fc.assert(
      fc.property(starless, dialled, (pattern, number) => {
        expect(matchesDigits(`${pattern}*`, pattern + number)).toBe(true);
        expect(matchesDigits(`${pattern}*`, number)).toBe(number.startsWith(pattern));
      }),
    );
  });
});

describe('matching', () => {
  it('never throws, and illegal patterns match no dialable number', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (pattern, number) => {
        const matches = matchesDigits(pattern, number);
        if (matches && isDialable(number)) expect(illegalDigit(pattern)).toBeUndefined();
      }),
    );
  });
});

describe('an illegal pattern', () => {
  it.each([
    ['1XXX', undefined],
    ['+49NZX*', undefined],
    ['*#ABCD', undefined],
    ['_1XXX', '_'],
    ['9.', '.'],
    ['1xxx', 'x'],
    ['1 0', ' '],
    ['1😀', '😀'],
    ['constructor', 'c'],
  ])('%s is recognized by %s', (pattern, expected) => {
    expect(illegalDigit(pattern)).toBe(expected);
  });
});

describe('a dialable number', () => {
  it.each([
    ['112', true],
    ['+4930123456', true],
    ['*72#', true],
    ['ABCD', true],
    ['1'.repeat(32), true],
    ['1'.repeat(33), false],
    ['', false],
    ['112\n', false],
    ['1&2', false],
    ['${EXTEN}', false],
    ['١١٢', false],
    ['12 34', false],
    ['E5', false],
  ])('%j: %s', (number, expected) => {
    expect(isDialable(number)).toBe(expected);
  });
});

describe('of several routes', () => {
  const route = (digits: string): Route => ({
    at: { file: 'policy.yaml', line: 1, column: 1 },
    digits,
    trunks: ['carrier-a'],
    strategy: { kind: 'in-order' },
    rules: [],
  });
  it('the first that matches is taken, even where a later one is closer', () => {
    const routes = [route('2XXX'), route('1*'), route('1000'), route('*')] as const;
    expect(RouteIndex.over(routes).find('1000')).toBe(routes[1]);
  });

  it('none is taken where none matches', () => {
    expect(RouteIndex.over([route('1XXX')]).find('2000')).toBeUndefined();
  });

  it('that were packed and cross to another thread, each comes back as it was', () => {
    const routes = Array.from({ length: 2_500 }, (_, index): Route => ({
      ...route(`${1000 + index}*`),
      trunks: [`carrier-${index}`, 'größer'],
      strategy: { kind: 'weighted', weights: { [`carrier-${index}`]: index } },
    }));
    const packed = packRoutes(routes);
    const index = unpackedIndex(structuredClone(packed, { transfer: [...buffersOf(packed)] }));
    for (const it of routes) expect(index.find(it.digits.replace('*', '77'))).toEqual(it);
    expect(index.find('3500')).toBeUndefined();
    expect(index.find('1000')).toBe(index.find('1000'));
  });

  it('the one found by its prefix is the one found by going through all', () => {
    const pattern = fc
      .tuple(fc.stringMatching(/^[+0-3XZN*]{0,4}$/), fc.boolean())
      .map(([digits, open]) => (open ? `${digits}*` : digits));
    const number = fc.stringMatching(/^[+0-3*]{1,6}$/);
    fc.assert(
      fc.property(fc.array(pattern, { maxLength: 8 }), number, (patterns, dialled) => {
        const routes = patterns.map(route);
        const slow = routes.find(({ digits }) => matchesDigits(digits, dialled));
        expect(RouteIndex.over(routes).find(dialled)).toBe(slow);
        expect(unpackedIndex(packRoutes(routes)).find(dialled)).toEqual(slow);
      }),
      { numRuns: 2000 },
    );
  });
});
