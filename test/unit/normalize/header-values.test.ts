import fc from 'fast-check';
import { parameterOf, splitParameters } from '../../../src/normalize/header-values';

describe('one parameter of a header value', () => {
  it.each([
    ['"A; B" <sip:a;tag=0@b>;x=1;tag=1', '1'],
    ['<sip:201@carrier-a>;tag=as1', 'as1'],
    ['sip:201@carrier-a ; TAG = as1 ;tag=2', 'as1'],
    [';tag=as1', 'as1'],
    ['<sip:a@b>;tag', ''],
    ['<sip:a@b>;tag="q;r"', 'q;r'],
    ['<sip:a@b;tag=1', undefined],
    ['<sip:a@b>;x="<;tag=1>"', undefined],
    ['tag=1', undefined],
    ['', undefined],
  ])('of %j is %j', (text, expected) => {
    expect(parameterOf(text, 'tag')).toBe(expected);
  });

  it('is what is there when all are split', () => {
    const piece = fc.constantFrom(
      ';',
      ';',
      '=',
      'tag',
      'TAG',
      ' ',
      '\t',
      '"',
      '\\',
      '<',
      '>',
      ',',
      'a',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        const text = pieces.join('');
        expect(parameterOf(text, 'tag')).toBe(splitParameters(text).parameters.get('tag'));
      }),
      { numRuns: 5_000 },
    );
  });
});
