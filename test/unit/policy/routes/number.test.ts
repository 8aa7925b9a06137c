import { presentedCaller, replacedCaller } from '../../../../src/policy/routes/caller-id';
import { formatNumber, type NumberPlan } from '../../../../src/policy/routes/number';
import { planOf } from '../../../../src/policy/routes/number-plan';
import type { NumberFormat, Trunk } from '../../../../src/policy/policy-data';
import { huntOf } from '../../../doubles/policies';
import { DEFAULT_HEALTH } from '../../../../src/policy/health-settings';

const GERMANY = planOf({ countryCode: '49', nationalPrefix: '0', internationalPrefix: '00' });
const SPAIN = planOf({ countryCode: '34', nationalPrefix: '', internationalPrefix: '00' });
const RUSSIA = planOf({ countryCode: '7', nationalPrefix: '8', internationalPrefix: '810' });
const AMERICA = planOf({ countryCode: '1', nationalPrefix: '1', internationalPrefix: '011' });

describe('the format of a number', () => {
  it.each<[string, NumberFormat['format'], NumberPlan, string]>([
    ['0301234567', 'e164', GERMANY, '49301234567'],
    ['0301234567', 'plus', GERMANY, '+49301234567'],
    ['0301234567', 'national', GERMANY, '0301234567'],
    ['+49301234567', 'e164', GERMANY, '49301234567'],
    ['+49301234567', 'plus', GERMANY, '+49301234567'],
    ['+49301234567', 'national', GERMANY, '0301234567'],
    ['0049301234567', 'e164', GERMANY, '49301234567'],
    ['0049301234567', 'national', GERMANY, '0301234567'],
    ['004312345678', 'national', GERMANY, '004312345678'],
    ['+4312345678', 'national', GERMANY, '004312345678'],
    ['+4312345678', 'e164', GERMANY, '4312345678'],
    ['112', 'e164', GERMANY, '112'],
    ['0115', 'plus', GERMANY, '0115'],
    ['030123', 'e164', GERMANY, '030123'],
    ['0301234', 'e164', GERMANY, '49301234'],
    ['1001', 'plus', GERMANY, '1001'],
    ['00', 'e164', GERMANY, '00'],
    ['*72', 'e164', GERMANY, '*72'],
    ['+*72', 'e164', GERMANY, '+*72'],
    ['+', 'e164', GERMANY, '+'],
    ['0301234567#', 'e164', GERMANY, '0301234567#'],
    ['912345678', 'plus', SPAIN, '+34912345678'],
    ['+34912345678', 'national', SPAIN, '912345678'],
    ['1234567', 'e164', SPAIN, '341234567'],
    ['123456', 'e164', SPAIN, '123456'],
    ['84951234567', 'e164', RUSSIA, '74951234567'],
    ['81049301234567', 'e164', RUSSIA, '49301234567'],
    ['+49301234567', 'national', RUSSIA, '81049301234567'],
    ['12125551234', 'plus', AMERICA, '+12125551234'],
    ['01149301234567', 'plus', AMERICA, '+49301234567'],
  ])('%s as %s', (number, format, numbering, expected) => {
    const wanted: NumberFormat = format === undefined ? {} : { format };
    expect(formatNumber(number, wanted, numbering)).toBe(expected);
  });

  it('without any wish is as dialled', () => {
    expect(formatNumber('0301234567', undefined, GERMANY)).toBe('0301234567');
    expect(formatNumber('0301234567', {}, GERMANY)).toBe('0301234567');
    expect(formatNumber('0301234567', { format: 'e164' }, undefined)).toBe('0301234567');
  });

  it('is changed first, then stripped, then prepended to', () => {
    const wanted = { format: 'e164', strip: '49', prepend: '77#' } as const;
    expect(formatNumber('0301234567', wanted, GERMANY)).toBe('77#301234567');
    expect(formatNumber('+43123456', wanted, GERMANY)).toBe('77#43123456');
  });

  it('strips only what stands in front', () => {
    expect(formatNumber('9001', { strip: '9' }, GERMANY)).toBe('001');
    expect(formatNumber('8009', { strip: '9' }, GERMANY)).toBe('8009');
  });

  it('is refused where nothing, or too much, would be dialled', () => {
    expect(formatNumber('9', { strip: '9' }, GERMANY)).toBeUndefined();
    expect(formatNumber('9', { strip: '9', prepend: '0' }, GERMANY)).toBeUndefined();
    expect(formatNumber('1'.repeat(31), { prepend: '0' }, GERMANY)).toBe(`0${'1'.repeat(31)}`);
    expect(formatNumber('1'.repeat(32), { prepend: '0' }, GERMANY)).toBeUndefined();
  });
});

describe('the caller that a trunk presents', () => {
  const trunk = (callerId?: Trunk['callerId']): Trunk => ({
    name: 'a',
    at: { file: 'p', line: 1, column: 1 },
    dial: { asterisk: 'PJSIP/{number}@a' },
    firstResponse: 1,
    ringTimeout: 1,
    limits: {},
    health: DEFAULT_HEALTH,
    rules: [],
    ...(callerId && { callerId }),
  });
  const berlin = trunk({ allowed: ['+4930*', '030*'], otherwise: '+49305550100' });

  it.each([
    ['an allowed one', berlin, '+49301', undefined, '+49301'],
    ['one of the second pattern', berlin, '0301', undefined, '0301'],
    ['any other', berlin, '+49401', '+49305550100', '+49305550100'],
    ['nobody', berlin, undefined, '+49305550100', '+49305550100'],
    ['anybody, where the trunk does not care', trunk(), '+49401', undefined, '+49401'],
    ['nobody, where the trunk does not care', trunk(), undefined, undefined, undefined],
  ])('of %s', (_, its, from, replaced, presented) => {
    const hunt = huntOf([], from === undefined ? {} : { from });
    expect(replacedCaller(its, hunt)).toBe(replaced);
    expect(presentedCaller(its, hunt)).toBe(presented);
  });
});
