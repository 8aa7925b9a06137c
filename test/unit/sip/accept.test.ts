import { SipCollector } from '../../../adapters/hep/collector';
import { bodyOf } from '../../../src/sip/body';
import { takenBodiesOf } from '../../../src/sip/accept';
import { readHead } from '../../../src/sip/sip-message';
import { encoded, packet, PBX, request, response } from '../../doubles/sip';

function headers(...lines: string[]) {
  return readHead(['SIP/2.0 415 No', ...lines, '', ''].join('\r\n')).headers;
}

describe('what a response says of bodies', () => {
  it.each<[string[], unknown]>([
    [['Accept: application/sdp'], { types: ['application/sdp'] }],
    [
      ['Accept: Application/SDP;level=1, multipart/*', 'Accept: text/plain'],
      { types: ['application/sdp', 'multipart/*', 'text/plain'] },
    ],
    [['Accept:'], { types: [] }],
    [['Accept-Encoding: gzip;q=0.5, identity'], { encodings: ['gzip', 'identity'] }],
    [['Accept: application/<script>, a b'], { types: [] }],
    [['Content-Length: 0'], undefined],
  ])('%j', (lines, taken) => {
    expect(takenBodiesOf(headers(...lines))).toEqual(taken);
  });

  it('is cut where it is absurd', () => {
    const many = Array.from({ length: 100 }, (_, at) => `a/b${at}`).join(', ');
    expect(takenBodiesOf(headers(`Accept: ${many}`))?.types).toHaveLength(32);
    expect(takenBodiesOf(headers(`Accept: a/${'b'.repeat(100)}`))).toEqual({ types: [] });
  });
});

describe('the body of an INVITE', () => {
  const part = (type: string) => `--x\r\nContent-Type: ${type}\r\n\r\nbody\r\n`;
  const multipart = (...types: string[]) =>
    Buffer.from(`${types.map(part).join('')}--x--\r\n`, 'latin1');
  const MIXED = 'Content-Type: multipart/Mixed;boundary=x';

  it.each<[string[], Buffer, unknown]>([
    [['c: application/sdp'], Buffer.from('v=0'), { types: ['application/sdp'] }],
    [
      [MIXED],
      multipart('application/sdp', 'application/pidf+xml'),
      { types: ['multipart/mixed', 'application/sdp', 'application/pidf+xml'] },
    ],
    [
      ['Content-Type: application/sdp', 'Content-Encoding: GZIP'],
      Buffer.from('x'),
      { types: ['application/sdp'], encoding: 'gzip' },
    ],
    [['Content-Type: a<b>/c'], Buffer.from('x'), undefined],
    [[], Buffer.from('v=0'), undefined],
    [['Content-Type: application/sdp'], Buffer.alloc(0), undefined],
  ])('%j', (lines, body, expected) => {
    expect(bodyOf(headers(...lines), body)).toEqual(expected);
  });

  it('has at most 16 types', () => {
    const body = multipart(...Array<string>(40).fill('application/isup'));
    expect(bodyOf(headers(MIXED), body)?.types).toHaveLength(16);
  });
});

describe('a 415 in mirrored SIP', () => {
  function leg(status: string) {
    const collector = new SipCollector({ now: () => 0, counted: () => undefined });
    collector.sentFrom('pbx', [PBX]);
    const body = `--x\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n--x\r\nContent-Type: application/isup\r\n\r\n?\r\n--x--\r\n`;
    const headers = ['Content-Type: multipart/mixed;boundary=x'];
    collector.receive(encoded(packet(request('INVITE', { headers, body }))));
    const refused = response(status, { headers: ['Accept: application/sdp'] });
    collector.receive(encoded(packet(refused, { at: 50 })));
    return collector.leg('leg-b');
  }

  it('has both bodies', () => {
    expect(leg('415 Unsupported Media Type')).toMatchObject({
      kind: 'failed',
      evidence: {
        sip: 415,
        sentBody: { types: ['multipart/mixed', 'application/sdp', 'application/isup'] },
        takenBodies: { types: ['application/sdp'] },
      },
    });
  });

  it('and another status has none', () => {
    expect(JSON.stringify(leg('488 Not Acceptable Here'))).not.toContain('Bod');
  });
});
