import { agreedPhrases } from '../../../src/model/carrier-lists';
import { CARRIER_NAMES, CARRIERS, type Carrier } from '../../../src/model/carriers';
import { FAILURE_CLASSES } from '../../../src/model/classes';
import { KNOWN_PHRASES } from '../../../src/model/phrases';
import { wordsOf } from '../../../src/model/words';

const FAULTS = ['caller', 'callee', 'number', 'trunk', 'media', 'request', 'unknown'];

test('the lists of at least eight carriers are shipped, each with facts of its own', () => {
  expect(CARRIER_NAMES.length).toBeGreaterThanOrEqual(8);
  expect(CARRIER_NAMES).toEqual([...CARRIER_NAMES].sort());
  for (const name of CARRIER_NAMES) expect(name).toMatch(/^[a-z][a-z0-9-]*$/);
});

describe.each([...CARRIERS])('the list of %s', (_, { name, entries }) => {
  it.each(entries.map((entry) => [`${entry.sip} ${entry.phrase ?? entry.code ?? ''}`, entry]))(
    '%s: a final status, a class and fault that exist, a public page',
    (__, { sip, phrase, code, meaning, class: failureClass, fault, source }) => {
      expect(sip).toBeGreaterThanOrEqual(300);
      expect(sip).toBeLessThan(700);
      expect(FAILURE_CLASSES).toContain(failureClass);
      expect(FAULTS).toContain(fault);
      expect(new URL(source).protocol).toBe('https:');
      expect(meaning).toMatch(/^\S.{5,100}$/);
      if (phrase !== undefined) expect(wordsOf(phrase)).not.toBe(' ');
      if (code !== undefined) expect(code).toMatch(/^[A-Z]{1,2}\d{1,2}$/);
    },
  );

  it('has a name, and says nothing twice', () => {
    expect(name).not.toBe('');
    const codes = entries.flatMap(({ sip, code }) =>
      code === undefined ? [] : [`${sip} ${code}`],
    );
    expect(new Set(codes).size).toBe(codes.length);
    const phrases = entries.flatMap(({ sip, phrase, code }) =>
      phrase === undefined && code !== undefined ? [] : [`${sip}${wordsOf(phrase ?? '')}`],
    );
    expect(new Set(phrases).size).toBe(phrases.length);
  });
});

describe('a phrase of a published list, on any trunk', () => {
  it.each<[number, string, string]>([
    [403, 'Channel limit exceeded D1', 'trunk-congested'],
    [403, 'User channel limit exceeded D1', 'trunk-congested'],
    [403, 'OB profile channel limit exceeded D2', 'trunk-congested'],
    [403, 'Connection channel limit exceeded', 'trunk-congested'],
    [503, 'CPS limit reached', 'trunk-congested'],
    [503, 'Trunk CPS limit exceeded', 'trunk-congested'],
    [503, 'Channel Limit Reached', 'trunk-congested'],
    [403, 'Destination not in your plan D12', 'no-route'],
    [403, 'Destination Number +12025550101 is not allowed for service plan US-48 D12', 'no-route'],
    [
      403,
      'Dialed number +36301234567 is not included in whitelisted countries USA,CAN D13',
      'no-route',
    ],
    [404, 'Not Found D40', 'no-route'],
    [503, 'no routes found', 'no-route'],
    [403, 'No Rates Found', 'no-route'],
    [603, 'MaxPeak Cost Exceeded', 'no-route'],
    [403, 'Caller ID not allowed D35', 'caller-id-rejected'],
    [403, 'Caller Origination Number is Invalid D35', 'caller-id-rejected'],
    [403, 'Forbidden D36', 'caller-id-rejected'],
    [403, 'Unverified origination number D51', 'caller-id-rejected'],
    [403, 'Caller ID is unauthorized. A Valid Caller ID is one of yours', 'caller-id-rejected'],
    [404, 'Dialed number is not valid D14', 'invalid-number'],
    [403, 'Destination Number 123 is invalid D11', 'invalid-number'],
    [503, 'Funds Required', 'no-credit'],
    [402, 'Low Credits', 'no-credit'],
    [403, 'Account is disabled D17', 'auth-failed'],
    [603, 'Restricted origination number D52', 'blocked'],
    [403, 'Restricted origination number D54', 'caller-id-rejected'],
    [488, 'Media Encryption Required B3', 'codec-mismatch'],
    [486, 'User Busy D61', 'unavailable'],
    [403, 'Forbidden R16', 'auth-failed'],
    [403, 'Request-URI Too Long P14', 'bad-request'],
    [480, 'Not Found RG1', 'unavailable'],
    [503, 'Service Unavailable PE1', 'no-route'],
    [403, 'Forbidden D53 origin same as destination number', 'loop'],
  ])('%i %s is %s', (sip, phrase, expected) => {
    const found = KNOWN_PHRASES.find(sip, phrase);
    expect(found?.class).toBe(expected);
    expect(CARRIER_NAMES).toContain(found?.carrier);
  });

  it.each<[number, string]>([
    [403, 'D35 is the room of the callee'],
    [403, 'Caller ID not allowed D355'],
    [403, 'Caller ID not allowed XD35'],
    [486, 'Busy D35'],
    [403, 'Not a D-code'],
    [403, 'Forbidden'],
    [404, 'No Route Found'],
    [403, 'Auth Failed'],
    [403, 'We do not say: channel limit exceeded, not the connection'],
  ])('while %i %s is in no list', (sip, phrase) => {
    const found = KNOWN_PHRASES.find(sip, phrase);
    expect(found?.phrase === 'Channel limit exceeded' ? undefined : found).toBeUndefined();
  });
});

describe('where carriers disagree', () => {
  it.each<[string, string]>([
    ['commio', 'auth-failed'],
    ['exotel', 'auth-failed'],
    ['sipcall', 'no-route'],
    ['vonage', 'caller-id-rejected'],
    ['myphoner', 'trunk-congested'],
    ['sipgate', 'forbidden'],
  ])('a 403 of %s is %s on its trunks alone', (carrier, expected) => {
    expect(KNOWN_PHRASES.of(carrier).meansBy(403)).toMatchObject({ class: expected, carrier });
    expect(KNOWN_PHRASES.meansBy(403)).toBeUndefined();
    expect(KNOWN_PHRASES.of('telnyx').meansBy(403)).toBeUndefined();
  });

  it('a phrase that means too little elsewhere counts on its trunks alone', () => {
    expect(KNOWN_PHRASES.of('zapappi').find(404, 'No Route Found')?.class).toBe('invalid-number');
    expect(KNOWN_PHRASES.of('sip-tg').find(403, 'Auth Failed')?.class).toBe('unavailable');
  });

  it('nothing is said for every trunk', () => {
    const entry = { sip: 403, meaning: 'm', source: 'https://example.com' } as const;
    const lists = new Map<string, Carrier>([
      [
        'one',
        {
          name: 'One',
          entries: [
            { ...entry, phrase: 'Call not allowed', class: 'no-route', fault: 'trunk' },
            { ...entry, phrase: 'Balance too low', class: 'no-credit', fault: 'trunk' },
            { ...entry, phrase: 'Refused', class: 'declined', fault: 'callee' },
            { ...entry, phrase: 'Service Unavailable', class: 'no-route', fault: 'trunk' },
            { ...entry, class: 'blocked', fault: 'callee' },
          ],
        },
      ],
      [
        'other',
        {
          name: 'Other',
          entries: [
            { ...entry, phrase: 'CALL not-allowed', class: 'blocked', fault: 'callee' },
            { ...entry, phrase: 'balance too low', class: 'no-credit', fault: 'trunk' },
          ],
        },
      ],
    ]);
    expect(agreedPhrases(lists).map(({ phrase, carrier }) => [phrase, carrier])).toEqual([
      ['Balance too low', 'one'],
    ]);
  });
});

describe('precedence', () => {
  const book = KNOWN_PHRASES.with([
    { sip: 404, phrase: 'No Route Found', class: 'trunk-failed' },
    { sip: 403, phrase: 'D35', class: 'forbidden' },
  ]).of('zapappi');

  it("the operator's own phrases come before the carrier's", () => {
    expect(book.find(404, 'No Route Found')).toMatchObject({ class: 'trunk-failed', own: true });
  });

  it("and before everybody's, however long those are", () => {
    const found = book.find(403, 'Caller Origination Number is Invalid D35');
    expect(found).toMatchObject({ class: 'forbidden', own: true });
  });

  it("the carrier's come before everybody's, which still hold", () => {
    expect(book.find(603, 'MaxPeak Cost Exceeded')?.carrier).toBe('zapappi');
    expect(book.find(403, 'No Money Left')?.class).toBe('no-credit');
  });

  it('a carrier without a list changes nothing', () => {
    expect(KNOWN_PHRASES.of('nobody')).toBe(KNOWN_PHRASES);
    expect(KNOWN_PHRASES.of(undefined)).toBe(KNOWN_PHRASES);
    expect(KNOWN_PHRASES.of('telnyx')).toBe(KNOWN_PHRASES.of('telnyx'));
  });
});
