import * as fc from 'fast-check';
import { readEvent } from '../../../../../adapters/freeswitch/esl/event-json';
import { ProtocolError } from '../../../../../adapters/freeswitch/esl/message';

const read = (json: string | Buffer) => readEvent(Buffer.from(json));

describe('events in JSON', () => {
  it('are read with arrays as FreeSWITCH joins them', () => {
    const compact =
      '"Event-Name":"A","variable_sip_reason":["x","y\\"]"],"other":["z"],"Gateway":""';
    const headers = {
      'Event-Name': 'A',
      variable_sip_reason: 'ARRAY::x|:y"]',
      Gateway: '',
    };
    expect(read(`{${compact}}`)).toEqual(headers);
    expect(
      read(`{"a":{"Status":1},${compact},"Status":5,"Unique-ID":null,"Hangup-Cause":{}} `),
    ).toEqual({
      ...headers,
      Status: '5',
      'Unique-ID': '',
      'Hangup-Cause': '',
    });
  });

  it.each([
    ['inbound', 'CHANNEL_ANSWER', false],
    ['inbound', 'CHANNEL_HANGUP_COMPLETE', false],
    ['outbound', 'CHANNEL_HANGUP_COMPLETE', true],
    ['inbound', 'CUSTOM', true],
  ])('of an %s leg, %s, have variables: %s', (direction, name, hasVariables) => {
    const before = { 'Event-Name': name, 'Call-Direction': direction, 'Unique-ID': 'a' };
    const times = { 'Caller-Channel-Answered-Time': '0' };
    const variables = { variable_originator: 'b' };
    const own = { ...before, ...times, ...(hasVariables && variables) };
    expect(read(JSON.stringify({ ...before, ...times, ...variables }))).toEqual(own);
    // Whatever comes last is read.
    const late = { ...before, ...variables, ...times };
    expect(read(JSON.stringify(late))).toEqual(late);
  });

  it('have the last one of two headers of a name', () => {
    expect(read('{"Status":"1","Status":"2"}')).toEqual({ Status: '2' });
  });

  it('have no header that a value of another one names', () => {
    const value = '\\",\\"Unique-ID\\":\\"x';
    expect(read(`{"variable_sip_h_X":"${value}","variable_last_arg":"${value}"}`)).toEqual({
      variable_last_arg: '","Unique-ID":"x',
    });
    expect(read('{"x\\":":"Unique-ID","Status":"1"}')).toEqual({ Status: '1' });
  });

  it.each(['__proto__', 'constructor', 'toString'])('have no %s of anybody', (name) => {
    const headers = read(`{"${name}":"1","Status":"2"}`);
    expect(Object.entries(headers)).toEqual([['Status', '2']]);
    expect(Object.getPrototypeOf(headers)).toBe(Object.prototype);
  });

  it.each([
    ['UTF-8', [0xc3, 0xbc], 'ü'],
    ['Latin-1', [0xfc], '\ufffd'],
    ['half a character', [0xe2, 0x82], '\ufffd'],
  ])('are read with %s', (_, bytes, character) => {
    const body = [Buffer.from('{"a":"'), Buffer.from(bytes), Buffer.from('","Gateway":"x')];
    expect(read(Buffer.concat([...body, Buffer.from(bytes), Buffer.from('"}')]))).toEqual({
      Gateway: `x${character}`,
    });
  });

  it.each([
    '{"Status":"1"',
    '{"Status":"1",}',
    '{"Status":"1"}}',
    '{"Status":"\\q"}',
    '{"Status":"1\n"}',
    '{"Status":["1"}',
    '{"Status":"1\\"}',
    '[]',
    'null',
    '"x"',
    '{',
    '',
  ])('that are %j are refused', (body) => {
    expect(() => read(body)).toThrow(ProtocolError);
  });

  it('are what JSON.parse makes of them, whatever they hold', () => {
    const text = fc.string({ unit: 'binary' });
    const name = fc.oneof(fc.constantFrom('Unique-ID', 'variable_sip_reason', 'Gateway'), text);
    const known = ['Unique-ID', 'variable_sip_reason', 'Gateway'];
    fc.assert(
      fc.property(fc.dictionary(name, fc.oneof(text, fc.array(text))), (event) => {
        const body = JSON.stringify(event);
        const parsed = JSON.parse(Buffer.from(body).toString()) as typeof event;
        const wanted = Object.entries(parsed).flatMap(([one, value]) =>
          known.includes(one)
            ? [[one, typeof value === 'string' ? value : `ARRAY::${value.join('|:')}`]]
            : [],
        );
        expect(read(body)).toEqual(Object.fromEntries(wanted));
      }),
    );
  });
});
