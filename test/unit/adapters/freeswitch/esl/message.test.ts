import * as fc from 'fast-check';
import {
  ProtocolError,
  readHeaders,
  valuesOf,
} from '../../../../../adapters/freeswitch/esl/message';

const read = (head: string | Buffer) => readHeaders(Buffer.from(head));

describe('header lines', () => {
  it('are decoded', () => {
    const text =
      'Reply-Text: %2BOK%0A\nvariable_other: 1\nvariable_sip_reason:x: y\nno header\nStatus: 1';
    expect(read(text)).toEqual({
      'Reply-Text': '+OK\n',
      variable_sip_reason: 'x: y',
      Status: '1',
    });
  });

  it.each([
    ['a Latin-1 byte', '%FCberlastet', 'überlastet'],
    ['no escape', '100 %zz', '100 %zz'],
    ['half an escape', 'x%4', 'x%4'],
    ['UTF-8', '%C3%BC', 'ü'],
    ['both', '%C3%BC %zz', 'Ã¼ %zz'],
    ['bare UTF-8', 'ü', 'ü'],
    ['a bare Latin-1 byte', Buffer.from([0xfc]), '\ufffd'],
  ])('survive %s', (_, sent, decoded) => {
    const line = Buffer.concat([Buffer.from('variable_sip_reason: '), Buffer.from(sent)]);
    expect(read(line)).toEqual({ variable_sip_reason: decoded });
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    'named as a member of an object are none of ours, %s too',
    (name) => {
      expect(Object.entries(read(`${name}: 1\nStatus: 2`))).toEqual([['Status', '2']]);
    },
  );

  it('without a colon are looked at once', () => {
    const began = performance.now();
    expect(read(`${'\n'.repeat(500_000)}Status: 1`)).toEqual({ Status: '1' });
    expect(performance.now() - began).toBeLessThan(1_000);
  });

  it.each(['-1', 'x', '1e3', '9999999999'])('with a Content-Length of %s are refused', (length) => {
    expect(() => read(`Content-Length: ${length}`)).toThrow(ProtocolError);
  });

  it('never throw anything else, whatever they are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        try {
          read(text);
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolError);
        }
      }),
    );
  });
});

describe('values', () => {
  it('are one, several or none', () => {
    expect(valuesOf('a;b')).toEqual(['a;b']);
    expect(valuesOf('ARRAY::a|:b')).toEqual(['a', 'b']);
    expect(valuesOf(undefined)).toEqual([]);
  });
});
