import { digitsOfExtension } from '../../../../../adapters/asterisk/init/pattern';

describe('an extension as the policy writes it', () => {
  it.each([
    ['112', ['112']],
    ['_X.', ['XX*']],
    ['_.', ['*']],
    ['_0!', ['0*']],
    ['_NXX-NXXXXXX', ['NXXNXXXXXX']],
    ['_9[1-3]X', ['91X', '92X', '93X']],
    ['_[0-9]X', ['XX']],
    ['_[2-9]11', ['N11']],
    ['_+49.', ['+49X*']],
    ['_*72.', ['_*72X!']],
    ['_011./_12X', ['011X*']],
  ])('%s is %j', (extension, digits) => expect(digitsOfExtension(extension)).toEqual(digits));

  it.each([
    's',
    'h',
    'helpdesk',
    '70*',
    '_70*',
    '_[0-9][0-9][1-7][1-7]',
    '_[12',
    '_dialed-.',
    '',
    '_',
  ])('%j cannot be written', (extension) => expect(digitsOfExtension(extension)).toBeUndefined());
});
