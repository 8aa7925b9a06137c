import fc from 'fast-check';
import { maskLeg, maskMailbox, maskNumber, maskText } from '../../../src/records/mask';

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

describe('a text with its numbers masked', () => {
  it.each([
    ['No route to 4917112345678', 'No route to 49*********78'],
    [
      '<sip:+4917112345678@192.0.2.1:5060;user=phone>',
      '<sip:+4**********78@192.0.2.1:5060;user=phone>',
    ],
    ['tel:+49-171-1234 5678', 'tel:+4*************78'],
    ['call 0171/1234.5678, (030) 1234567 please', 'call 01**********78, (03********67 please'],
    ['sip:%2B4917112345678@x', 'sip:%2B***********78@x'],
    ['0\u200b1\u200b7\u200b1\u200b2\u200b3', '0?*******?3'],
    ['٠١٧١١٢٣٤', '??****??'],
    ['ask 1001@192.0.2.1', 'ask ****@192.0.2.1'],
    ['voicemail 1001@default busy', 'voicemail ****@default busy'],
    ['a4917112345678b', 'a49*********78b'],
  ])('of %j is %j', (text, expected) => {
    expect(maskText(text)).toBe(expected);
  });

  it.each([
    '503 Service Unavailable at 192.0.2.1:5060',
    'held until 2026-11-21T12:00:00.000Z by policy.yaml:14',
    'no codec in common: we offered opus/48000/2, PCMA/8000',
    'Asterisk at [2001:db8::1]:58088 answered 404',
    '10 faults in 20 attempts, the last one trunk-failed',
    'connect ECONNREFUSED 127.0.0.1:58021',
    'policy 012345678901 stays in force',
  ])('leaves %j', (text) => {
    expect(maskText(text)).toBe(text);
  });

  it.each(['sip:12345.67.89.01.23', '030.123.456.78', '1.2.3.4.5.6.7', '+4917112345678/8000'])(
    'takes %j for no address and no codec',
    (text) => {
      expect(maskText(text)).not.toBe(text);
    },
  );

  it('has no five digits of a number in a row, however they are written', () => {
    const between = fc.constantFrom('', ' ', '-', '.', '/', ' / ', '\u200b', '–', ')(', '%20');
    const digits = fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), between), {
      minLength: 7,
      maxLength: 20,
    });
    fc.assert(
      fc.property(digits, (parts) => {
        // An address is no number.
        fc.pre(!parts.some(([, gap]) => gap === '.'));
        const text = parts.map(([digit, gap]) => `${digit}${gap}`).join('');
        expect(maskText(`to ${text} ok`).replace(/\D/g, '').length).toBeLessThanOrEqual(4);
      }),
    );
  });

  it('takes time in proportion to its length', () => {
    const attack = '1 '.repeat(50_000) + '1---x'.repeat(20_000) + '1.'.repeat(50_000);
    expect(maskText(attack).length).toBeLessThan(attack.length);
  });

  it('stays as it is when it is masked again', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9+*# -]{0,40}$/), (text) => {
        expect(maskText(maskText(text))).toBe(maskText(text));
      }),
    );
  });
});

describe('a masked leg', () => {
  it.each([
    ['sofia/internal/01711234567@192.0.2.1', 'sofia/internal/01*******67@192.0.2.1'],
    ['sofia/external/1001', 'sofia/external/****'],
    ['sofia/internal/+49-17112345', 'sofia/internal/+4********45'],
    ['PJSIP/carrier-a-0000001a', 'PJSIP/carrier-a-0000001a'],
    ['PJSIP/1001-0000001a', 'PJSIP/****-0000001a'],
    ['Local/01711234567@internal-00000002;1', 'Local/01*******67@internal-00000002;1'],
    ['loopback/01711234567-a', 'loopback/01*******67-a'],
    ['', ''],
  ])('of %j is %j', (leg, expected) => {
    expect(maskLeg(leg)).toBe(expected);
  });
});

describe('a masked mailbox', () => {
  it.each([
    ['1001@default', '****@default'],
    ['01711234567@default', '01*******67@default'],
    ['anna@default', 'anna@default'],
    ['s', 's'],
  ])('of %j is %j', (mailbox, expected) => {
    expect(maskMailbox(mailbox)).toBe(expected);
  });
});
