import fc from 'fast-check';
import { maskNumber } from '../../../src/records/mask';

describe('a masked number', () => {
  it.each([
    ['', ''],
    ['1', '*'],
    ['112', '***'],
    ['1001', '****'],
    ['10012', '10*12'],
    ['+4930123456', '+4*******56'],
    ['*72#', '****'],
    ['12;rm -rf', '12*****?f'.replace('f', '?')],
    ['a\nb\rc', '??*??'],
    ['1'.repeat(32), `11${'*'.repeat(28)}11`],
    ['1'.repeat(5000), `11${'*'.repeat(28)}11`],
  ])('of %j is %j', (number, expected) => {
    expect(maskNumber(number)).toBe(expected);
  });

  it('shows at most two keys at each end, nothing that is no key, and is short', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (number) => {
        const masked = maskNumber(number);
        expect(masked).toMatch(/^[0-9A-D*#+?]{0,2}\**[0-9A-D*#+?]{0,2}$/);
        expect(masked.length).toBeLessThanOrEqual(32);
      }),
    );
  });
});
