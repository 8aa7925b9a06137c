import fc from 'fast-check';
import { numberOfUser, readContacts } from '../../../src/normalize/contacts';

const read = (...lines: readonly string[]) =>
  readContacts(...lines).map(({ user, host }) => `${user}@${host}`);

describe('the Contacts of a 3xx', () => {
  it.each([
    // Display names.
    ['a bare address', 'sip:300@pbx.example.com', ['300@pbx.example.com']],
    ['in brackets', '<sip:300@pbx.example.com:5061>', ['300@pbx.example.com']],
    [
      'a display name that looks like an address',
      '"sip:0099333@192.0.2.1" <sip:0099444@other.example.com>',
      ['0099444@other.example.com'],
    ],
    [
      'a display name with an escaped quote and brackets',
      String.raw`"say \"<sip:1@evil>\", please" <sip:300@h>`,
      ['300@h'],
    ],
    ['a display name with a comma', '"Doe, sip:1@evil, John" <sip:300@h>', ['300@h']],
    ['an unquoted name', 'sip 1@evil <sip:300@h>', ['300@h']],
    ['an unquoted name with a comma', 'Doe, John <sip:300@h>', ['300@h']],
    ['a name beyond ASCII', '전화 <sip:300@h>', ['300@h']],
    ['a display name that never ends', '"sip:1@evil <sip:300@h>', []],
    ['a bracket that never ends', 'x <sip:300@h', []],
    ['an address in a parameter', '<sip:300@h>;x="<sip:1@evil>"', ['300@h']],
    // Parameters of the user, of the URI and of the header.
    [
      'number portability, RFC 4694, and q',
      '<sip:+12025550124;npdi;rn=+12025550100@gw.example.com;user=phone>;q=0.1, <sip:+12025550125@gw.example.com>;q=0.9',
      ['+12025550125@gw.example.com', '+12025550124@gw.example.com'],
    ],
    [
      'a local number and its context',
      '<sip:7042;phone-context=example.com@gw.example.com;user=phone>',
      ['7042@gw.example.com'],
    ],
    ['parameters of the user without brackets', 'sip:300;npdi@h;q=0.5', ['300@h']],
    ['parameters of the URI', '<sip:300@h;transport=tcp;maddr=192.0.2.9?X=1>', ['300@h']],
    ['a password', '<sip:300:secret;x@h>', ['300@h']],
    ['sips', '<SIPS:300@h>', ['300@h']],
    ['IPv6', '<sip:300@[2001:db8::1]:5060>', ['300@[2001:db8::1]']],
    ['an underscore in the host', 'sip:300@my_pbx.example.com', ['300@my_pbx.example.com']],
    // Numbers.
    ['tel:, which has no host', '<tel:+1-202-555-0125>', ['+12025550125@']],
    ['tel: without brackets', 'tel:+12025550125;q=0.5', ['+12025550125@']],
    ['tel: with a context', '<tel:7042;phone-context=+1202555>', ['7042@']],
    ['visual separators', '<sip:+49(30)123-45.6@h;user=phone>', ['+4930123456@h']],
    ['dots in a name, which are part of it', '<sip:john.doe-2nd@h>', ['john.doe-2nd@h']],
    ['escapes', '<sip:%30171%2a%34@h>', ['0171*4@h']],
    ['an escaped separator of parameters', '<sip:300%3bx@h>', ['300%3bx@h']],
    ['an escaped at sign', '<sip:300%40evil@h>', ['300@evil@h']],
    ['an escape of no printable character', '<sip:30%00@h>', ['30%00@h']],
    ['an escape that is none', '<sip:30%zz@h>', ['30%zz@h']],
    // Several, and their order.
    ['equals as sent', '<sip:1@h>;q=0.5, <sip:2@h>;q=0.5', ['1@h', '2@h']],
    ['without q before all others', '<sip:1@h>;q=0.9, <sip:2@h>', ['2@h', '1@h']],
    ['q in any form', '<sip:1@h>;q=.2;x, <sip:2@h>;Q=1.000, <sip:3@h>;q=0', ['2@h', '1@h', '3@h']],
    ['a q that is none counts as 1', '<sip:1@h>;q=0.5, <sip:2@h>;q=best', ['2@h', '1@h']],
    // Nothing to follow.
    ['no user', '<sip:pbx.example.com>', []],
    ['an empty user', '<sip:@h>', []],
    ['two at signs', '<sip:300@h@evil>', []],
    ['another scheme', '<mailto:300@h>, <http://300@h>', []],
    ['any', '*', []],
    ['nothing', '', []],
  ])('%s', (_, line, expected) => {
    expect(read(line)).toEqual(expected);
  });

  it('of several lines are one list', () => {
    expect(read('<sip:1@h>;q=0.1', '<sip:2@h>;q=0.7, <sip:3@h>')).toEqual(['3@h', '2@h', '1@h']);
  });

  it('are bounded in number and length', () => {
    expect(read(Array.from({ length: 100 }, () => '<sip:1@h>').join())).toHaveLength(32);
    expect(read(`<sip:${'1'.repeat(129)}@h>`)).toEqual([]);
    expect(read(`<sip:1@${'h'.repeat(5_000)}>`)).toEqual([]);
  });

  it('a quoted display name never becomes an address, whatever is in it', () => {
    const name = fc.string({ unit: 'grapheme', maxLength: 40 });
    const hostile = fc.oneof(name, fc.constantFrom('sip:1@evil', '<sip:1@evil>', ',', '>', 'a"'));
    fc.assert(
      fc.property(fc.array(hostile, { maxLength: 4 }), (parts) => {
        const quoted = parts.join('').replace(/[\\"]/g, String.raw`\$&`);
        expect(read(`"${quoted}" <sip:300@h>`)).toEqual(['300@h']);
      }),
    );
  });

  it('of any text are read without an error', () => {
    const text = fc.string({ unit: fc.constantFrom(...'"\\<>;,:@=%sipel1 '), maxLength: 60 });
    fc.assert(
      fc.property(text, (line) => {
        for (const { user, host } of readContacts(line)) {
          expect(user).not.toBe('');
          expect(host).not.toMatch(/[@<>";]/);
        }
      }),
    );
  });
});

it.each([
  ['+12025550124;npdi;rn=+12025550100', '+12025550124'],
  ['+1-202-555-0125', '+12025550125'],
  ['9-1-1', '911'],
  ['300', '300'],
  ['john.doe', 'john.doe'],
  ['', ''],
])('the PBX says "%s", the number is "%s"', (user, number) => {
  expect(numberOfUser(user)).toBe(number);
});
