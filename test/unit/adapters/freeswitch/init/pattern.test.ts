import { dialledNumbers } from '../../../../../adapters/freeswitch/init/pattern';

describe('an expression as the policy writes it', () => {
  it.each([
    ['^(\\d{7})$', ['XXXXXXX'], ''],
    ['^9(\\d+)$', ['9X*'], '9'],
    ['^(011\\d+)$', ['011X*'], ''],
    ['^(10[01][0-9])$', ['100X', '101X'], ''],
    ['^(112|911)\\z', ['112', '911'], ''],
    [
      '^\\+?1?([2-9]\\d{9})$',
      ['NXXXXXXXXX', '1NXXXXXXXXX', '+NXXXXXXXXX', '+1NXXXXXXXXX'],
      undefined,
    ],
    ['^\\*69$|^869$', ['*69', '869'], undefined],
    ['^(.*)$', ['*'], ''],
    ['^(.+)$', ['*'], ''],
    ['^0', ['0*'], undefined],
    ['^00(\\d{2,3})$', ['00XX', '00XXX'], '00'],
    ['^(?:0|00)(\\d+)$', ['0X*', '00X*'], undefined],
    ['^(\\d{3})(\\d{2})$', ['XXXXX'], undefined],
  ])('%s is %j', (expression, digits, beforeFirst) =>
    expect(dialledNumbers(expression)).toEqual({
      digits,
      ...(beforeFirst !== undefined && { beforeFirst }),
    }),
  );

  it.each([
    '0\\d+$',
    '^vmain$',
    '^70\\*$',
    '^(.*)1$',
    '^[^0]\\d+$',
    '^(\\d{3}$',
    '^\\w+$',
    '^(?!0)\\d$',
    '^[1-4][1-4][1-4]$',
    '^\\d{40}$',
    '^$',
    '',
  ])('%j cannot be written', (expression) => expect(dialledNumbers(expression)).toBeUndefined());
});
