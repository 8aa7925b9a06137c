import fc from 'fast-check';
import { matchesPhrase } from '../../../../src/policy/rules/phrase';

describe('a pattern for phrases', () => {
  it.each([
    ['busy here', 'Busy Here', true],
    ['BUSY here', ' busy HERE ', true],
    ['busy', 'Busy Here', false],
    ['here', 'Busy Here', false],
    ['busy*', 'Busy Here', true],
    ['*here', 'Busy Here', true],
    ['*here', 'Busy Here now', false],
    ['busy*', 'too busy', false],
    ['*capacity*', 'No Capacity Available', true],
    ['*capacity*', 'capacity', true],
    ['*capacity*', 'capacitor', false],
    ['*', '', true],
    ['*', 'anything', true],
    ['**', 'anything', true],
    ['', '', true],
    ['', 'x', false],
    ['a*a', 'a', false],
    ['a*a', 'aa', true],
    ['ab*ba', 'aba', false],
    ['a*b*c', 'a-b-c', true],
    ['a*b*c', 'a-c-b', false],
    ['a*b*c', 'acb-c', true],
    ['*b*b*', 'ab', false],
    ['*b*b*', 'abb', true],
    ['x*bc*c', 'xbc', false],
    ['x*bc*c', 'xbcc', true],
    ['.*', 'x', false],
    ['no (lines) [free]?', 'No (lines) [free]?', true],
  ])('%j and %j: %s', (pattern, phrase, expected) => {
    expect(matchesPhrase(pattern, phrase)).toBe(expected);
  });

  it('means what the regular expression with .* in place of * means', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 });
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 6 });
    fc.assert(
      fc.property(pattern, text, (written, phrase) => {
        const regular = new RegExp(`^${written.replaceAll('*', '.*')}$`);
        expect(matchesPhrase(written, phrase)).toBe(regular.test(phrase));
      }),
      { numRuns: 1000 },
    );
  });

  it('looks no further than 256 characters', () => {
    expect(matchesPhrase('*end', `${'x'.repeat(253)}end`)).toBe(true);
    expect(matchesPhrase('*end', `${'x'.repeat(254)}end`)).toBe(false);
  });
});
