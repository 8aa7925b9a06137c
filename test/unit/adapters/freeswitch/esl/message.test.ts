import * as fc from 'fast-check';
import {
  ProtocolError,
  readEvent,
  readHeaders,
  valuesOf,
} from '../../../../../adapters/freeswitch/esl/message';

describe('header lines', () => {
  it('are decoded', () => {
    expect(readHeaders('Reply-Text: %2BOK%0A\nvariable_a: x: y')).toEqual({
      'Reply-Text': '+OK\n',
      variable_a: 'x: y',
    });
  });

  it.each([
    ['a Latin-1 byte', '%FCberlastet', 'überlastet'],
    ['no escape', '100 %zz', '100 %zz'],
    ['half an escape', 'x%4', 'x%4'],
    ['UTF-8', '%C3%BC', 'ü'],
    ['both', '%C3%BC %zz', 'Ã¼ %zz'],
  ])('survive %s', (_, sent, read) => {
    expect(readHeaders(`variable_phrase: ${sent}`)).toEqual({ variable_phrase: read });
  });

  it('named as a member of an object are headers like others', () => {
    const read = readHeaders('__proto__: 1\nconstructor: 2');
    expect(read['__proto__']).toBe('1');
    expect(read['constructor']).toBe('2');
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    'that were not sent are absent, %s too',
    (name) => {
      expect(readHeaders('a: 1')[name]).toBeUndefined();
      expect(readEvent('{"a":"1"}')[name]).toBeUndefined();
    },
  );

  it.each(['-1', 'x', '1e3', '9999999999'])('with a Content-Length of %s are refused', (length) => {
    expect(() => readHeaders(`Content-Length: ${length}`)).toThrow(ProtocolError);
  });

  it('never throw anything else, whatever they are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        try {
          readHeaders(text);
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolError);
        }
      }),
    );
  });
});

describe('events in JSON', () => {
  it('are read with arrays as FreeSWITCH joins them', () => {
    expect(readEvent('{"a":"1","variable_b":["x","y"],"c":{"d":1},"e":5,"f":null}')).toEqual({
      a: '1',
      variable_b: 'ARRAY::x|:y',
      c: '',
      e: '5',
      f: '',
    });
  });

  it('named as a member of an object are events like others', () => {
    const read = readEvent('{"__proto__":"1","constructor":"2"}');
    expect(read['__proto__']).toBe('1');
    expect(read['constructor']).toBe('2');
    expect(readEvent('{"__proto__":{"b":"1"}}')['b']).toBeUndefined();
  });

  it.each(['{"a":"1"', '[]', 'null', '"x"', ''])('that are %j are refused', (body) => {
    expect(() => readEvent(body)).toThrow(ProtocolError);
  });
});

describe('values', () => {
  it('are one, several or none', () => {
    expect(valuesOf('a;b')).toEqual(['a;b']);
    expect(valuesOf('ARRAY::a|:b')).toEqual(['a', 'b']);
    expect(valuesOf(undefined)).toEqual([]);
  });
});
