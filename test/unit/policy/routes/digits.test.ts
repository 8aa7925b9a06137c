import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import {
  coversPattern,
  exampleOf,
  isDialable,
  isPattern,
  literalPrefix,
  matchesDigits,
  patternOf,
  readPattern,
} from '../../../../src/policy/routes/digits';
import { asteriskMatches } from '../../../doubles/asterisk-patterns';

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
    ['*72[*]', '*72*', true],
    ['*72[*]', '*721', false],
    ['A#', 'A#', true],
    ['A', 'a', false],
    ['[2-7]XX', '200', true],
    ['[2-7]XX', '799', true],
    ['[2-7]XX', '800', false],
    ['[125-9]', '2', true],
    ['[125-9]', '3', false],
    ['[125-9]', '5', true],
    ['0[*#]1*', '0#12', true],
    ['0[*#]1*', '0112', false],
    ['_NXXNXXXXXX', '2025550101', true],
    ['_NXXNXXXXXX', '1025550101', false],
    ['_NXX-NXX-XXXX', '2025550101', true],
    ['_nxxnxxxxxx', '2025550101', true],
    ['_9.', '91', true],
    ['_9.', '9', false],
    ['_9.', '9*', true],
    ['_9!', '9', true],
    ['_9!', '9123', true],
    ['_9!', '8', false],
    ['_.', '1', true],
    ['_!', '1', true],
    ['_*72*', '*72*', true],
    ['_*72*', '*721', false],
    ['_*72!', '*721', true],
    ['_[2-7]X', '28', true],
    ['_112', '112', true],
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

/** Patterns as Asterisk has them, of what a number can contain. */
const asteriskPattern = fc
  .tuple(
    fc.array(
      fc.oneof(
        fc.constantFrom(...'0123456789*#+AXZNxzn-'),
        fc.constantFrom('[2-7]', '[125-9]', '[*#]', '[0-9]', '[#-9]', '[1-2A-C]'),
      ),
      { maxLength: 6 },
    ),
    fc.constantFrom('', '.', '!'),
  )
  .map(([places, end]) => `_${places.join('')}${end}`)
  .filter((pattern) => isPattern(readPattern(pattern)));
const short = fc.string({ unit: fc.constantFrom(...'01279*#+A'), minLength: 1, maxLength: 7 });

describe('a pattern of Asterisk', () => {
  it('takes the numbers that Asterisk takes', () => {
    let taken = 0;
    fc.assert(
      fc.property(asteriskPattern, short, (pattern, number) => {
        const expected = asteriskMatches(pattern, number);
        expect(matchesDigits(pattern, number)).toBe(expected);
        if (expected) taken += 1;
      }),
      { numRuns: 5000 },
    );
    expect(taken).toBeGreaterThan(100);
  });

  const [[, ...numbers] = [], ...answers] = readFileSync(
    join(__dirname, '../../../captures/asterisk-patterns/answers.tsv'),
    'utf8',
  )
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t'));

  /** Asterisk takes the `-` for itself, which no number has; who writes it has meant a range. */
  const hanging = ['_[5-]', '_1[-2]3'];

  it.each(hanging)('%s, which a real Asterisk takes, is refused', (pattern) => {
    expect(answers.map(([known]) => known)).toContain(pattern);
    expect(readPattern(pattern)).toMatchObject({
      message: expect.stringContaining('"-"') as string,
    });
  });

  it.each(
    answers
      .map(([pattern = '', ...taken]) => ({ pattern, taken }))
      .filter(({ pattern }) => !hanging.includes(pattern)),
  )('$pattern takes the numbers that a real Asterisk said it takes', ({ pattern, taken }) => {
    expect(numbers.length).toBeGreaterThan(40);
    expect(numbers.filter((number) => matchesDigits(pattern, number))).toEqual(taken);
    expect(numbers.filter((number) => asteriskMatches(pattern, number))).toEqual(taken);
  });
});

describe('a pattern that covers another one', () => {
  const pattern = fc.oneof(
    asteriskPattern,
    fc.stringMatching(/^[0-2XZN]{0,3}\*$/),
    fc.stringMatching(/^[0-2XZN]{1,3}$/),
  );
  it('takes each of its numbers, and one that does not has at least one example to tell', () => {
    let covered = 0;
    fc.assert(
      fc.property(pattern, pattern, short, (one, other, number) => {
        const [wider, narrower] = [one, other].map(patternOf) as [never, never];
        if (!coversPattern(wider, narrower)) return;
        covered += 1;
        if (matchesDigits(other, number)) expect(matchesDigits(one, number)).toBe(true);
        expect(matchesDigits(one, exampleOf(narrower))).toBe(true);
      }),
      { numRuns: 5000 },
    );
    expect(covered).toBeGreaterThan(100);
  });

  it.each([
    ['*', '_.', true],
    ['_.', '*', false],
    ['_9.', '9X*', true],
    ['9X*', '_9.', false],
    ['1*', '112', true],
    ['112', '1*', false],
    ['[2-7]XX', '[3-5]00', true],
    ['[2-7]XX', 'NXX', false],
    ['X', '[*]', false],
  ])('%s covers %s: %s', (wider, narrower, expected) => {
    expect(coversPattern(patternOf(wider), patternOf(narrower))).toBe(expected);
  });
});

describe('what all numbers of a pattern begin with', () => {
  it.each([
    ['+49*', '+49'],
    ['1XX', '1'],
    ['[*]7*', '*7'],
    ['[2]0[34]', '20'],
    ['*', ''],
    ['_9.', '9'],
  ])('of %s it is "%s"', (pattern, expected) => {
    expect(literalPrefix(patternOf(pattern))).toBe(expected);
  });
});

describe('reading a pattern', () => {
  it('never throws, and what is no pattern fits no number', () => {
    fc.assert(
      fc.property(fc.string(), dialled, (pattern, number) => {
        if (isPattern(readPattern(pattern))) return;
        expect(matchesDigits(pattern, number)).toBe(false);
      }),
    );
  });

  it.each([
    ['', 'empty digits'],
    ['_', 'empty digits'],
    ['9.', 'illegal character "." in the digits "9."', '_9.'],
    ['1xxx', 'illegal character "x" in the digits "1xxx"', '1XXX'],
    ['1 0', 'illegal character " " in the digits "1 0"', '10'],
    ['125-9', 'illegal character "-" in the digits "125-9"', '[125-9]'],
    ['030-123', 'illegal character "-" in the digits "030-123"', '030123'],
    ['1😀', 'illegal character "😀" in the digits "1😀"'],
    ['constructor', 'illegal character "c" in the digits "constructor"'],
    ['[12', 'a set without its end "]"'],
    ['[]', 'an empty set []'],
    ['[7-2]', 'the range 7-2 runs backwards'],
    ['[1a]', 'illegal character "a" in the set [1a]'],
    ['_9.1', 'illegal character "." in the digits "_9.1": . and ! stand at the end only'],
    ['_9X./100', 'illegal character "." in the digits "_9X./100": . and ! stand at the end only'],
    ['_9X/100', 'illegal character "/" in the digits "_9X/100": for the caller there is from'],
    ['_9 X', 'illegal character " " in the digits "_9 X"'],
    [
      '*72*',
      'the last * may be the star key or anything: "*72[*]" is the star key, "_*72!" is anything',
    ],
    ['1'.repeat(33), 'digits for 33 characters'],
    ['[1-3]'.repeat(33), '165 characters of digits'],
  ])('%s: %s', (...[pattern, message, suggestion]: (string | undefined)[]) => {
    const expected = { message, ...(suggestion !== undefined && { suggestion }) };
    expect(readPattern(pattern ?? '')).toEqual(expected);
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
