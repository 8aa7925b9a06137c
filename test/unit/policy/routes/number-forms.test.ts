import fc from 'fast-check';
import { getCountries } from 'libphonenumber-js/min';
import { indexed } from '../../../../src/policy/assembly';
import type {
  CountryNumbering,
  Numbering,
  NumberFormat,
  PrefixNumbering,
} from '../../../../src/policy/policy-data';
import { isDialable, patternOf } from '../../../../src/policy/routes/digits';
import { legOn } from '../../../../src/policy/routes/leg';
import { formsOf, inForm, isAmong } from '../../../../src/policy/routes/number-forms';
import { policyOf, START } from '../../../doubles/policies';

const TIMES = Number(process.env.CRANKBACK_TEST_RUNS ?? 200);
const BASE = policyOf(`version: 1
emergency: []
trunks: { a: { dial: { asterisk: "PJSIP/{number}@a" } } }
routes: [{ digits: "*", trunks: [a] }]
`);
const GERMAN: Numbering = { countryCode: '49', nationalPrefix: '0', internationalPrefix: '00' };

/** What the trunk gets by `legOn`. */
function dialled(
  number: string,
  ofRoute: NumberFormat | undefined,
  ofTrunk: NumberFormat | undefined,
  numbering: Numbering | undefined,
): string | undefined {
  const policy = indexed({ ...BASE, ...(numbering && { numbering }) });
  const trunk = BASE.trunks.get('a');
  const [route] = BASE.routes;
  if (!trunk || !route) throw new Error('no trunk');
  const hunt = { number, startedAt: START, attempts: [], mailboxMissing: false };
  return legOn(
    policy,
    { ...trunk, ...(ofTrunk && { number: ofTrunk }) },
    { hunt, route: { ...route, ...(ofRoute && { number: ofRoute }) } },
  )?.number;
}

function formed(number: string, ...formats: Tail<Parameters<typeof formsOf>>): string | undefined {
  const found = formsOf({ pattern: patternOf('*') }, ...formats).find((one) =>
    isAmong(one, number),
  );
  if (!found) throw new Error('every number is among them');
  if (!found.form || number.length > found.longest) return undefined;
  return inForm(found.form, number);
}

type Tail<T extends readonly unknown[]> = T extends readonly [unknown, ...infer Rest]
  ? Rest
  : never;

describe('what a trunk gets of numbers that nobody has dialled yet', () => {
  it.each<[string, NumberFormat, string]>([
    ['+4930123456', { format: 'e164' }, '4930123456'],
    ['004312345', { format: 'plus' }, '+4312345'],
    ['030123456', { format: 'plus' }, '+4930123456'],
    ['030123456', { format: 'e164', strip: '49', prepend: '0049' }, '004930123456'],
    ['+4930123456', { format: 'national' }, '030123456'],
    ['004312345', { format: 'national' }, '004312345'],
    ['110', { format: 'plus' }, '110'],
    ['00*12345678', { format: 'plus' }, '00*12345678'],
    ['9110', { strip: '9' }, '110'],
  ])('%s by %j is %s', (number, format, expected) => {
    expect(formed(number, undefined, format, GERMAN)).toBe(expected);
    expect(dialled(number, undefined, format, GERMAN)).toBe(expected);
  });

  it('is nothing where nothing would be left, where it would be too long, or where tables of a country are asked', () => {
    expect(formed('9', undefined, { strip: '9' }, GERMAN)).toBeUndefined();
    expect(formed('1'.repeat(32), undefined, { prepend: '9' }, GERMAN)).toBeUndefined();
    expect(formed('2025550101', undefined, { format: 'e164' }, { country: 'US' })).toBeUndefined();
    expect(formed('30123456', undefined, { format: 'e164' }, { country: 'DE' })).toBeUndefined();
    expect(formed('030123456', undefined, { format: 'e164' }, { country: 'DE' })).toBe(
      '4930123456',
    );
    expect(formed('110', undefined, { format: 'e164' }, { country: 'DE' })).toBe('110');
    expect(formed('+4930123456', undefined, { format: 'e164' }, { country: 'DE' })).toBe(
      '4930123456',
    );
  });

  it('is what the call itself would get by the tables of any country', () => {
    const countries = getCountries();
    const told = new Set<string>();
    const tails = fc.string({
      unit: fc.constantFrom(...'0123456789'),
      minLength: 1,
      maxLength: 17,
    });
    fc.assert(
      fc.property(
        fc.constantFrom(...countries),
        fc.constantFrom('', '0', '00', '01', '8', '1', '06', '9'),
        tails,
        fc.constantFrom('e164' as const, 'plus' as const),
        (country, begin, tail, format) => {
          const numbering = { country };
          // Of a shorter one than any number of the country nothing is made.
          const called = `${begin}${tail}`;
          const is = formed(called, undefined, { format }, numbering);
          if (is === undefined) return;
          expect(is).toBe(dialled(called, undefined, { format }, numbering));
          if (is !== called) told.add(country);
        },
      ),
      { numRuns: TIMES * 25 },
    );
    expect(told.size).toBeGreaterThan(40);
    expect([...told]).toEqual(expect.arrayContaining(['DE']));
  });

  it('is what the call itself would get, whatever the number, the formats and the plan', () => {
    const seen = { same: 0, other: 0, none: 0 };
    const digits = fc.constantFrom('0', '9', '49', '00', '1', '430', '*', '+', '+4', '12345');
    const format: fc.Arbitrary<NumberFormat | undefined> = fc.option(
      fc.record(
        {
          format: fc.constantFrom('e164' as const, 'plus' as const, 'national' as const),
          strip: digits,
          prepend: digits,
        },
        { requiredKeys: [] },
      ),
      { nil: undefined },
    );
    const prefixes: fc.Arbitrary<PrefixNumbering> = fc.record({
      countryCode: fc.constantFrom('49', '1', '7'),
      nationalPrefix: fc.constantFrom('', '0', '1', '8'),
      internationalPrefix: fc.constantFrom('00', '011', '810', '00000000'),
    });
    const numbering = fc.option(
      fc.oneof(
        prefixes,
        fc.constantFrom<CountryNumbering>(
          { country: 'DE' },
          { country: 'US' },
          { country: 'BR', internationalPrefix: '0014' },
        ),
      ),
      { nil: undefined },
    );
    const tail = fc.oneof(
      fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: 12 }),
      fc.string({ unit: fc.constantFrom(...'00114499+*#A'), maxLength: 31 }),
    );
    const number = fc
      .tuple(fc.constantFrom('', '0', '00', '+', '+49', '011', '9', '1'), tail)
      .map((parts) => parts.join(''))
      .filter(isDialable);
    fc.assert(
      fc.property(number, format, format, numbering, (called, ofRoute, ofTrunk, plan) => {
        const is = formed(called, ofRoute, ofTrunk, plan);
        seen[is === undefined ? 'none' : is === called ? 'same' : 'other'] += 1;
        // What cannot be told asks, and is no worse.
        if (is !== undefined) expect(is).toBe(dialled(called, ofRoute, ofTrunk, plan));
        else if (plan === undefined || !('country' in plan)) {
          const own = dialled(called, ofRoute, ofTrunk, plan);
          if (called.length < 20) expect(own).toBeUndefined();
        }
      }),
      { numRuns: TIMES * 12 },
    );
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(TIMES / 2);
  });
});
