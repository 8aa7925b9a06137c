import * as fc from 'fast-check';
import { percentDecoded } from '../../../../adapters/shared/percent-decoding';

it('decoding undoes encoding', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(percentDecoded(encodeURIComponent(text))).toBe(text);
    }),
  );
});

it.each([
  ['a Latin-1 byte', '%FCberlastet', 'überlastet'],
  ['no escape', '100 %zz', '100 %zz'],
  ['both', '%C3%BC %zz', 'Ã¼ %zz'],
])('%s is read as some text', (_, encoded, text) => {
  expect(percentDecoded(encoded)).toBe(text);
});
