import { getCountries, getExampleNumber } from 'libphonenumber-js/min';
import examples from 'libphonenumber-js/mobile/examples';
import { hasInternationalPrefix } from '../../../../src/policy/routes/country-plan';
import { formatNumber } from '../../../../src/policy/routes/number';
import { planOf } from '../../../../src/policy/routes/number-plan';

const inCountry = (country: string, number: string, format: 'e164' | 'plus' | 'national') =>
  formatNumber(number, { format }, planOf({ country }));

describe('a number in the plan of a country', () => {
  it.each([
    ['US', '2025550101', '12025550101'],
    ['US', '12025550101', '12025550101'],
    ['US', '01149301234567', '49301234567'],
    ['CN', '13800138000', '8613800138000'],
    ['CN', '01062345678', '861062345678'],
    ['DE', '0301234567', '49301234567'],
    ['DE', '0049301234567', '49301234567'],
    ['DE', '+43123456', '43123456'],
    ['FR', '0612345678', '33612345678'],
    ['ES', '612345678', '34612345678'],
    ['IT', '0236618300', '390236618300'],
    ['RU', '89161234567', '79161234567'],
    ['RU', '81049301234567', '49301234567'],
    ['BR', '01511912345678', '5511912345678'],
    ['SG', '99999999', '6599999999'],
    ['IS', '4212345', '3544212345'],
  ])('%s: %s is %s', (country, dialled, expected) => {
    expect(inCountry(country, dialled, 'e164')).toBe(expected);
    expect(inCountry(country, dialled, 'plus')).toBe(`+${expected}`);
  });

  it.each([
    ['an emergency number', 'DE', '110'],
    ['an emergency number', 'US', '911'],
    ['a short code', 'US', '411'],
    ['a short code', 'FR', '3630'],
    ['a short code', 'DE', '116117'],
    ['a short code', 'AU', '131234'],
    ['a number of the same area', 'US', '5550101'],
    ['a number of the same area', 'DE', '1234567'],
    ['a number of the same area', 'DE', '30123456'],
    ['a number without plus', 'NZ', '64212345678'],
    ['an extension', 'DE', '1001'],
    ['a star code', 'US', '*72'],
    ['a country code that nobody has', 'DE', '00999123456'],
    ['letters', 'US', '1800ABCD'],
  ])('leaves %s alone (%s %s)', (_, country, dialled) => {
    expect(inCountry(country, dialled, 'e164')).toBe(dialled);
    expect(inCountry(country, dialled, 'national')).toBe(dialled);
  });

  it.each([
    ['US', '12025550101', '2025550101'],
    ['US', '+49301234567', '01149301234567'],
    ['DE', '+49301234567', '0301234567'],
    ['RU', '+49301234567', '81049301234567'],
    ['GB', '+12025550101', '0012025550101'],
  ])('%s: %s is dialled there as %s', (country, dialled, expected) => {
    expect(inCountry(country, dialled, 'national')).toBe(expected);
  });

  it('is dialled abroad by the prefix that the policy has', () => {
    expect(hasInternationalPrefix('BR')).toBe(false);
    const brazil = planOf({ country: 'BR', internationalPrefix: '0014' });
    expect(formatNumber('+12025550101', { format: 'national' }, brazil)).toBe('001412025550101');
    expect(formatNumber('001412025550101', { format: 'e164' }, brazil)).toBe('12025550101');
    expect(inCountry('BR', '+12025550101', 'national')).toBe('+12025550101');
  });
});

describe('every country that has an example', () => {
  it.each(getCountries())('%s: what it dials comes back as it was', (country) => {
    const example = getExampleNumber(country, examples);
    const international = example?.number.slice(1) ?? '';
    expect(international).not.toBe('');
    const national = inCountry(country, `+${international}`, 'national') ?? '';
    expect(inCountry(country, national, 'e164')).toBe(international);
    const abroad = country === 'DE' ? 'FR' : 'DE';
    expect(inCountry(abroad, `00${international}`, 'e164')).toBe(international);
    expect(inCountry(abroad, `00${international}`, 'national')).toBe(`00${international}`);
  });
});

it('the numbers that a plan keeps are bounded, and each is read right', () => {
  const plan = planOf({ country: 'DE' });
  for (let last = 1000; last < 1200; last += 1) {
    expect(plan.international(`030123${last}`)).toBe(`4930123${last}`);
    expect(plan.international(`030123${last}`)).toBe(`4930123${last}`);
  }
});
