import fc from 'fast-check';
import { isPrintable, printable, printableLines } from '../../../src/model/printable';

/** What may be in a text that is shown: nothing that steers, nothing that is not seen. */
const VISIBLE = /^[^\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]*$/u;

describe('text as it may be shown', () => {
  it.each([
    ['a bidirectional override', 'abc\u202egpj.exe', 'abc\\u202egpj.exe'],
    ['an isolate', '\u2066x\u2069', '\\u2066x\\u2069'],
    ['a mark', 'a\u200e\u200f\u061cb', 'a\\u200e\\u200f\\u061cb'],
    [
      'a zero-width space, joiner and non-joiner',
      'B\u200bu\u200ds\u200cy',
      'B\\u200bu\\u200ds\\u200cy',
    ],
    ['a byte order mark, a soft hyphen', '\ufeffBu\u00adsy', '\\ufeffBu\\u00adsy'],
    ['line and paragraph separators', 'a\u2028b\u2029c', 'a\\u2028b\\u2029c'],
    [
      'C0, DEL and C1',
      '\u0000\t\r\n\u001b[2J\u007f\u0085\u009b',
      '\\u0000\\u0009\\u000d\\u000a\\u001b[2J\\u007f\\u0085\\u009b',
    ],
    ['half a surrogate pair', 'a\ud83db\ude00', 'a\\ud83db\\ude00'],
    ['a tag character', 'a\u{e0041}', 'a\\udb40\\udc41'],
    [
      'a Hangul filler, a variation selector, a grapheme joiner',
      '\u3164\ufe0f\u034f',
      '\\u3164\\ufe0f\\u034f',
    ],
  ])('has %s escaped', (_, text, expected) => {
    expect(printable(text)).toBe(expected);
    expect(isPrintable(text)).toBe(false);
  });

  it.each(['Busy Here', 'Müller', 'Занято', '통화 중', '忙しい', '😀', '100% ok "x" \\ <&>', ''])(
    'is %s as it was',
    (text) => {
      expect(printable(text)).toBe(text);
      expect(isPrintable(text)).toBe(true);
    },
  );

  it('shows nothing unseen, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(printable(text)).toMatch(VISIBLE);
        expect(isPrintable(printable(text))).toBe(true);
        expect(printableLines(text).replace(/[\n\t]/g, '')).toMatch(VISIBLE);
      }),
    );
  });

  it('keeps its lines where it has several', () => {
    expect(printableLines('a\n\tb\r\u202e\u2028c\n')).toBe('a\n\tb\\u000d\\u202e\\u2028c\n');
  });

  it('stays the same value as JSON', () => {
    const value = { phrase: 'a\u202e\u{e0041}\u2028b' };
    const text = printableLines(JSON.stringify(value, null, 2));
    expect(text.replaceAll('\n', '')).toMatch(VISIBLE);
    expect(JSON.parse(text)).toEqual(value);
  });
});
