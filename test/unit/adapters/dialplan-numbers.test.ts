import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../../..');
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

const ORDINARY = ['200', '+4930123456', '*72#', '0800ABCD', '1'.repeat(32)];
const HOSTILE = [
  '',
  '2&PJSIP/900@carrier-b',
  '2,3',
  '2/3',
  '2|3',
  '2${EPOCH}',
  '2$[1+1]',
  '2}',
  '2(3',
  '2)3',
  '2;3',
  '2"3',
  "2'3",
  '2 3',
  ' 2',
  '2\\3',
  '2%41',
  '2\n',
  '2\n3',
  '2:3',
  '2@3',
  '2-3',
  '2_3',
  '2ü',
  '2٣',
  '2x3',
  '2'.repeat(33),
];

/** The checks of `crankback-begin` before the number gets its name, each as Asterisk evaluates it. */
function asteriskTakes(number: string): boolean {
  const dialplan = read('adapters/asterisk/dialplan/extensions.conf');
  const [, begin = ''] = /^\[crankback-begin\]\n([^]*?)Set\(CB_NUMBER=/m.exec(dialplan) ?? [];
  const [, alphabet] = /Set\(CB_ILLEGAL=\$\{REPLACE\(CB_RAW,([^)]*)\)\}\)/.exec(begin) ?? [];
  const illegal = [...number].filter((character) => !alphabet?.includes(character)).join('');
  // FIELDQTY of a variable by its name: 0 only where it is empty.
  const quantityOf: Readonly<Record<string, number>> = {
    CB_RAW: number === '' ? 0 : 1,
    CB_ILLEGAL: illegal === '' ? 0 : 1,
  };
  const refused = [...begin.matchAll(/GotoIf\(\$\[(.*)\]\?crankback-invalid,s,1\)/g)].flatMap(
    ([, expression = '']) => expression.split(' | '),
  );
  return !refused.some((check) => {
    const [, variable = '', sign, than] =
      /^\$\{FIELDQTY\((CB_RAW|CB_ILLEGAL),-\)\} ([=>]) (\d+)$/.exec(check) ?? [];
    const quantity = quantityOf[variable];
    if (quantity !== undefined)
      return sign === '=' ? quantity === Number(than) : quantity > Number(than);
    const [, most] = /^\$\{LEN\(\$\{CB_RAW\}\)\} > (\d+)$/.exec(check) ?? [];
    return most !== undefined && Buffer.byteLength(number) > Number(most);
  });
}

/** The conditions that a number meets before its call begins without asking, each as Asterisk evaluates it. */
function asteriskBegins(number: string): boolean {
  const dialplan = read('adapters/asterisk/dialplan/extensions.conf');
  const [, conditions = ''] =
    /^exten => _\.!,1,GotoIf\(\$\[!\((.*)\)\]\?plain:/m.exec(dialplan) ?? [];
  const parts = number === '' ? 0 : number.split(')').length;
  // It ends the arguments of LEN and FILTER, and what follows it may choose their result.
  const isBent = parts > 1;
  const octets = Buffer.byteLength(number);
  const legal = number.replace(/[^0-9A-D*#+]/g, '').length;
  const met: Readonly<Record<string, boolean>> = {
    '${FIELDQTY(EXTEN,\\))} = 1': parts === 1,
    '"${LEN(${FILTER(0-9A-D*#+,${EXTEN})})}" = "${LEN(${EXTEN})}"': isBent || legal === octets,
    '0${LEN(${EXTEN})} < 33': isBent || octets < 33,
  };
  const ofNumber = conditions.split(' & ').filter((condition) => condition in met);
  return ofNumber.every((condition) => met[condition]);
}

/** The condition under which the context `crankback` takes a number; `\z` is the end and nothing else. */
function freeswitchTakes(number: string): boolean {
  const [, pattern = ''] =
    /<extension name="crankback">\s*<condition field="destination_number" expression="([^"]*)">/.exec(
      read('adapters/freeswitch/dialplan/crankback.xml'),
    ) ?? [];
  expect(pattern).toMatch(/\\z$/);
  return new RegExp(pattern.replace(/\\z$/, '$'), 's').test(number);
}

/** The same of a call that begins without asking; what it does not take comes to the one above. */
function freeswitchBegins(number: string): boolean {
  const [, pattern = ''] =
    /<condition field="destination_number" expression="([^"]*)"\/>/.exec(
      read('adapters/freeswitch/dialplan/crankback/travel.xml'),
    ) ?? [];
  expect(pattern).toMatch(/\\z$/);
  return new RegExp(pattern.replace(/\\z$/, '$'), 's').test(number);
}

describe.each([
  ['Asterisk’s dialplan', asteriskTakes],
  ['Asterisk’s dialplan, without asking,', asteriskBegins],
  ['FreeSWITCH’s dialplan', freeswitchTakes],
  ['FreeSWITCH’s dialplan, without asking,', freeswitchBegins],
])('%s', (_, takes) => {
  it.each(ORDINARY)('takes %j', (number) => {
    expect(takes(number)).toBe(true);
  });
});

it.each(HOSTILE)('Asterisk’s dialplan refuses %j', (number) => {
  expect(asteriskTakes(number)).toBe(false);
});

it.each([...HOSTILE, '201):0:1'])(
  'Asterisk’s dialplan begins no call to %j without asking',
  (number) => {
    expect(asteriskBegins(number)).toBe(false);
  },
);

it.each(HOSTILE)('FreeSWITCH’s dialplan refuses %j', (number) => {
  expect(freeswitchTakes(number)).toBe(false);
});

it.each(HOSTILE)('FreeSWITCH’s dialplan begins no call to %j', (number) => {
  expect(freeswitchBegins(number)).toBe(false);
});
