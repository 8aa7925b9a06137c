import { endpointOf, OptionsPings } from '../../../../adapters/hep/options-pings';
import { PbxAddresses } from '../../../../adapters/hep/pbx-addresses';
import { parsed, packet, PBX } from '../../../doubles/sip';

const URI = 'sip:192.0.2.7:5060';
const CARRIER = { address: '192.0.2.7', port: 5060 };

/** Takes messages as the PBX and the carrier send them, whose far end is there. */
function following(uri = URI, far = CARRIER) {
  const addresses = new PbxAddresses();
  addresses.tell('pbx', [PBX]);
  const pings = new OptionsPings(addresses);
  const take = (startLine: string, { callId = 'ping-1', cseq = 1, now = 0 } = {}) => {
    const via = `Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK${cseq}`;
    const headers = [via, `Call-ID: ${callId}`, `CSeq: ${cseq} OPTIONS`];
    const text = [startLine, ...headers, '', ''].join('\r\n');
    const wire = startLine.startsWith('SIP/2.0') ? { source: far } : { destination: far };
    return pings.take(packet(text, wire), parsed(text), now);
  };
  return { pings, take, sent: `OPTIONS ${uri} SIP/2.0` };
}

describe('the answer to a mirrored OPTIONS', () => {
  it('is known once somebody asks for its URI, as the PBX sends it', () => {
    const { pings, take, sent } = following();
    expect(take(sent)).toBe(false);
    expect(pings.statusOf(URI, 1000, 0)).toBeUndefined();
    expect(take(sent)).toBe(true);
    expect(take('SIP/2.0 100 Trying')).toBe(true);
    expect(pings.statusOf(URI, 1000, 0)).toBeUndefined();
    expect(take('SIP/2.0 503 Service Unavailable', { now: 10 })).toBe(true);
    expect(pings.statusOf(URI, 1000, 1010)).toBe(503);
    expect(pings.statusOf(URI, 1000, 1011)).toBeUndefined();
  });

  it('is that of the latest one', () => {
    const { pings, take, sent } = following();
    pings.statusOf(URI, 1000, 0);
    take(sent);
    // A challenge, and the same again with credentials.
    take('SIP/2.0 401 Unauthorized', { now: 1 });
    take(sent, { cseq: 2, now: 2 });
    take('SIP/2.0 200 OK', { cseq: 2, now: 3 });
    // Late, of one that has been given up.
    expect(take('SIP/2.0 503 Late', { cseq: 1, now: 4 })).toBe(false);
    expect(take('SIP/2.0 503 Another', { cseq: 2, now: 4 })).toBe(false);
    expect(pings.statusOf(URI, 1000, 5)).toBe(200);
  });

  it('is nobody else’s', () => {
    const { pings, take } = following();
    pings.statusOf(URI, 1000, 0);
    expect(take('OPTIONS sip:198.51.100.1 SIP/2.0')).toBe(false);
    expect(take('SIP/2.0 200 OK', { callId: 'scanner' })).toBe(false);
    expect(pings.statusOf(URI, 1000, 1)).toBeUndefined();
  });

  it('comes through the PBX’s own proxy as well', () => {
    const { pings, take, sent } = following(URI, { address: '192.0.2.99', port: 5070 });
    pings.statusOf(URI, 1000, 0);
    take(sent);
    take('SIP/2.0 200 OK');
    expect(pings.statusOf(URI, 1000, 1)).toBe(200);
  });
});

it.each([
  ['sip:192.0.2.7', '192.0.2.7', 5060],
  ['sip:192.0.2.7:5080;transport=udp', '192.0.2.7', 5080],
  ['sip:me@192.0.2.7;transport=tls', '192.0.2.7', 5061],
  ['sips:me:secret@192.0.2.7?Subject=x', '192.0.2.7', 5061],
  ['sip:[2001:DB8:0::7]:5070', '2001:db8::7', 5070],
  ['sip:[::ffff:192.0.2.7]', '192.0.2.7', 5060],
])('%s leads to %s port %i', (uri, address, port) => {
  expect(endpointOf(uri)).toEqual({ address, port });
});

it.each([
  'sip:carrier.example.net',
  'sip:192.0.2.7;maddr=192.0.2.8',
  'sip:[fe80::1%eth0]',
  'tel:1',
  '',
])('of %j only the PBX knows where it leads', (uri) => expect(endpointOf(uri)).toBeUndefined());
