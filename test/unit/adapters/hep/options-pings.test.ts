import { OptionsPings } from '../../../../adapters/hep/options-pings';
import { parseSip } from '../../../../adapters/hep/sip-message';

const URI = 'sip:192.0.2.7:5060';

function message(startLine: string, { callId = 'ping-1', cseq = 1 } = {}) {
  const headers = [`Call-ID: ${callId}`, `CSeq: ${cseq} OPTIONS`];
  const read = parseSip(Buffer.from([startLine, ...headers, '', ''].join('\r\n')));
  if (!read) throw new Error(startLine);
  return read;
}

describe('the answer to a mirrored OPTIONS', () => {
  it('is known once somebody asks for its URI, as the PBX sends it', () => {
    const pings = new OptionsPings();
    expect(pings.take(message(`OPTIONS ${URI} SIP/2.0`), 0)).toBe(false);
    expect(pings.statusOf(URI, 1000, 0)).toBeUndefined();
    expect(pings.take(message(`OPTIONS ${URI} SIP/2.0`), 0)).toBe(true);
    expect(pings.take(message('SIP/2.0 100 Trying'), 0)).toBe(true);
    expect(pings.statusOf(URI, 1000, 0)).toBeUndefined();
    expect(pings.take(message('SIP/2.0 503 Service Unavailable'), 10)).toBe(true);
    expect(pings.statusOf(URI, 1000, 1010)).toBe(503);
    expect(pings.statusOf(URI, 1000, 1011)).toBeUndefined();
  });

  it('is that of the latest one', () => {
    const pings = new OptionsPings();
    pings.statusOf(URI, 1000, 0);
    pings.take(message(`OPTIONS ${URI} SIP/2.0`), 0);
    // A challenge, and the same again with credentials.
    pings.take(message('SIP/2.0 401 Unauthorized'), 1);
    pings.take(message(`OPTIONS ${URI} SIP/2.0`, { cseq: 2 }), 2);
    pings.take(message('SIP/2.0 200 OK', { cseq: 2 }), 3);
    // Late, of one that has been given up.
    expect(pings.take(message('SIP/2.0 503 Late', { cseq: 1 }), 4)).toBe(false);
    expect(pings.statusOf(URI, 1000, 5)).toBe(200);
  });

  it('is nobody else’s', () => {
    const pings = new OptionsPings();
    pings.statusOf(URI, 1000, 0);
    expect(pings.take(message('OPTIONS sip:198.51.100.1 SIP/2.0'), 0)).toBe(false);
    expect(pings.take(message('SIP/2.0 200 OK', { callId: 'scanner' }), 0)).toBe(false);
    expect(pings.statusOf(URI, 1000, 1)).toBeUndefined();
  });
});
