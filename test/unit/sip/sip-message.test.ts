import { sdpOf } from '../../../src/sip/body';
import { retryAfterMsOf, warningsOf } from '../../../src/sip/headers';
import { parseSip } from '../../../src/sip/sip-message';
import { parsed, response } from '../../doubles/sip';

const withHeaders = (...headers: string[]) => parsed(response('503 x', { headers })).headers;

describe('a SIP message', () => {
  it('may use compact forms, folded lines, odd case and space', () => {
    const message = parsed(
      [
        'SIP/2.0 488 Not  Acceptable Here',
        'v: SIP / 2.0 / TLS 192.0.2.1:5061 ; branch = z9hG4bKa , SIP/2.0/UDP x;branch=z9hG4bKb',
        'VIA: SIP/2.0/UDP y;branch=z9hG4bKc',
        't : "B;tag=no" <sip:b@x;tag=no>',
        '  ;tag="yes"',
        'I:call-1',
        'cseq:\t7  INVITE ',
        'WARNING: 305 x',
        '\t"folded text"',
        'no colon here',
        '',
        'body',
      ].join('\r\n'),
    );
    expect(message).toMatchObject({
      startLine: 'SIP/2.0 488 Not  Acceptable Here',
      status: 488,
      phrase: 'Not  Acceptable Here',
      callId: 'call-1',
      cseq: 7,
      cseqMethod: 'INVITE',
      branch: 'z9hG4bKa',
      transport: 'TLS',
      toTag: 'yes',
    });
    expect(warningsOf(message.headers)).toEqual([{ code: 305, agent: 'x', text: 'folded text' }]);
    expect(message.body.toString()).toBe('body');
  });

  it('may have bare line feeds and empty lines before it', () => {
    const text = `\r\n\r\n${response('404 Not Found').replaceAll('\r\n', '\n')}`;
    expect(parsed(text)).toMatchObject({ status: 404, toTag: 'theirs' });
  });

  it.each([
    ['SIP/2.0 503', ''],
    ['SIP/2.0 503 ', ''],
    ['sip/2.0 503 Ünbekannt', 'Ünbekannt'],
  ])('may have the status line %j', (line, phrase) => {
    const message = parsed(response('503 x').replace('SIP/2.0 503 x', line));
    expect(message).toMatchObject({ status: 503, phrase });
  });

  it('that is no UTF-8 is still read', () => {
    const bytes = Buffer.from(response('503 caf\u00e9'), 'latin1');
    expect(parseSip(bytes)).toMatchObject({ status: 503, phrase: 'caf\ufffd' });
  });

  it('has the body that Content-Length says, or what there is', () => {
    const body = (length: string) =>
      parsed(response('200 OK', { body: 'abcdef' }).replace(/Content-Length: 6/, length)).body;
    expect(body('l: 3').toString()).toBe('abc');
    expect(body('l: 99').toString()).toBe('abcdef');
    expect(body('l: many').toString()).toBe('abcdef');
    expect(body('x: y').toString()).toBe('abcdef');
  });

  it.each([
    ['nothing', ''],
    ['a keep-alive', '\r\n\r\n'],
    ['another protocol', response('200 OK').replace('SIP/2.0 200', 'HTTP/1.1 200')],
    ['a status that is none', response('200 OK').replace('200', '799')],
    ['no Call-ID', response('200 OK').replace('Call-ID', 'Call')],
    ['an empty Call-ID', response('200 OK').replace('leg-b', '')],
    ['no CSeq', response('200 OK').replace('CSeq', 'Seq')],
    ['a CSeq that is none', response('200 OK').replace('1 INVITE', 'INVITE 1')],
  ])('is not %s', (_name, text) => {
    expect(parseSip(Buffer.from(text))).toBeUndefined();
  });
});

describe('the lines that rules may ask for', () => {
  const lines = (statusLine: string, ...headers: string[]) =>
    parsed(response(statusLine, { headers })).lines;

  it('are those of a refusal, unfolded, in order, by their names in lower case', () => {
    const headers = [
      'X-Code: D12',
      'X-Reason :\tno\r\n \t lines',
      'x-code:E7',
      'X-Empty:',
      'nothing',
    ];
    expect(lines('486 Busy Here', ...headers)).toEqual([
      { name: 'x-code', value: 'D12' },
      { name: 'x-reason', value: 'no lines' },
      { name: 'x-code', value: 'E7' },
      { name: 'x-empty', value: '' },
    ]);
  });

  it('are not those of a provisional response, of a 200, or of another request', () => {
    expect(lines('183 Session Progress', 'X-Code: D12')).toEqual([]);
    expect(lines('200 OK', 'X-Code: D12')).toEqual([]);
    const options = response('486 Busy', { headers: ['X-Code: D12'] }).replace('INVITE', 'OPTIONS');
    expect(parsed(options).lines).toEqual([]);
  });

  it('are not in the body', () => {
    const text = response('486 Busy Here', { body: 'X-Code: D12\r\n' });
    expect(parsed(text).lines).toEqual([]);
  });

  it('have no secret and nobody’s address', () => {
    const secret = ['Proxy-Authenticate: Digest nonce="x"', 'WWW-Authenticate: x', 'm: <sip:a@b>'];
    expect(lines('407 Proxy Authentication Required', ...secret, 'Record-Route: x')).toEqual([]);
  });

  it('are thirty-two at most, of names that a rule can have', () => {
    const many = Array.from({ length: 100 }, (_, index) => `X-Code-${index}: ${index}`);
    expect(lines('486 Busy Here', `X-${'a'.repeat(63)}: y`, '__proto__ x: y', ...many)).toEqual(
      many.slice(0, 32).map((_, index) => ({ name: `x-code-${index}`, value: String(index) })),
    );
  });

  it('are cut at 256 characters', () => {
    expect(lines('486 Busy Here', `X-Code: ${'é'.repeat(300)}`)).toEqual([
      { name: 'x-code', value: 'é'.repeat(256) },
    ]);
  });
});

describe('Warning', () => {
  it.each([
    ['305 host:5060 "a, b"', [{ code: 305, agent: 'host:5060', text: 'a, b' }]],
    [
      '304 a "x", 399 b "y"',
      [
        { code: 304, agent: 'a', text: 'x' },
        { code: 399, agent: 'b', text: 'y' },
      ],
    ],
    ['399 no quotes', [{ code: 399, agent: '', text: 'no quotes' }]],
    ['399', [{ code: 399, agent: '', text: '' }]],
    ['nonsense', []],
  ])('%s', (value, warnings) => {
    expect(warningsOf(withHeaders(`Warning: ${value}`))).toEqual(warnings);
  });
});

describe('Retry-After', () => {
  it.each([
    ['7', 7_000],
    ['0', 0],
    ['18000;duration=3600', 18_000_000],
    ["120 (I'm in a meeting)", 120_000],
    ['60(x)', 60_000],
    ['9999999999', 4_294_967_295_000],
    ['-1', undefined],
    ['1.5', undefined],
    ['12345678901', undefined],
    ['Fri, 31 Dec 1999 23:59:59 GMT', undefined],
    ['', undefined],
  ])('%s', (value, ms) => {
    expect(retryAfterMsOf(withHeaders(`Retry-After: ${value}`))).toBe(ms);
  });
});

describe('the session description of a message', () => {
  const sdp = 'v=0\r\nm=audio 1 RTP/AVP 0\r\n';
  const find = (type: string | undefined, body: string, ...more: string[]) => {
    const headers = [...(type === undefined ? [] : [`Content-Type: ${type}`]), ...more];
    const message = parsed(response('488 x', { headers, body }));
    return sdpOf(message.headers, message.body);
  };
  const part = (type: string, content: string) => `--b1\r\n${type}\r\n${content}\r\n`;

  it.each([
    ['application/sdp', sdp],
    ['Application/SDP;charset=utf-8', sdp],
    [undefined, sdp],
  ])('of type %s is its body', (type, body) => {
    expect(find(type, body)).toBe(sdp);
  });

  it('in a multipart body is found behind an ISUP part, in any depth that anybody sends', () => {
    const isup = part('Content-Type: application/isup;version=x\r\n', '\u0001\u0002');
    const body = `preamble\r\n${isup}${part('c: application/sdp\r\n', sdp)}--b1--\r\n`;
    expect(find('multipart/mixed;boundary=b1', body)?.trim()).toBe(sdp.trim());
    expect(find('multipart/mixed; boundary="b1"', body)?.trim()).toBe(sdp.trim());
    const inner = `--b2\r\n\r\n${sdp}\r\n--b2--\r\n`;
    const outer = `${part('Content-Type: multipart/related;boundary=b2\r\n', inner)}--b1--`;
    expect(find('multipart/mixed;boundary=b1', outer)?.trim()).toBe(sdp.trim());
  });

  it.each([
    ['text/plain', sdp],
    [undefined, 'hello'],
    ['multipart/mixed', `--b1\r\n\r\n${sdp}`],
    ['multipart/mixed;boundary=b1', 'no part at all'],
    ['application/sdp', ''],
    ['application/sdp', `v=0\r\n${'a=x\r\n'.repeat(4000)}`],
  ])('of type %s and body %j is none', (type, body) => {
    expect(find(type, body)).toBeUndefined();
  });

  it('that is compressed is none', () => {
    expect(find('application/sdp', sdp, 'Content-Encoding: gzip')).toBeUndefined();
  });
});
