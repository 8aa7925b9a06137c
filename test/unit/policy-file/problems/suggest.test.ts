import { closest } from '../../../../src/policy-file/problems/suggest';

describe('a misspelt word', () => {
  it.each([
    ['buzy', ['cancelled', 'busy', 'blocked'], 'busy'],
    ['bsuy', ['cancelled', 'busy', 'blocked'], 'busy'],
    ['BUSY', ['cancelled', 'busy', 'blocked'], 'busy'],
    ['carrier-x', ['carrier-a', 'carrier-b'], 'carrier-a'],
    ['carrier-bb', ['carrier-a', 'carrier-b'], 'carrier-b'],
    ['trunk', ['digits', 'trunks'], 'trunks'],
  ])('%s among %j means %s', (word, legal, expected) => {
    expect(closest(word, legal)).toBe(expected);
  });
});

describe('a word too far from all others', () => {
  it.each([
    ['voicemail', ['retry', 'relay']],
    ['a', ['b', 'c']],
    ['ab', ['cd']],
    ['', ['a']],
    ['x'.repeat(1_000_000), ['trunks', 'routes']],
  ])('%.20s has no suggestion', (word, legal) => {
    expect(closest(word, legal)).toBeUndefined();
  });
});
