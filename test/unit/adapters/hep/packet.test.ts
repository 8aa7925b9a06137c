import { decodeHep, endpointText } from '../../../../adapters/hep/packet';
import { chunk, chunksOf, hepOf, packet, request } from '../../../doubles/sip';

const GOOD = packet(request('INVITE'), { at: 1_700_000_000_123.456 });

/** The datagram of a good packet with some chunks replaced, left out (`undefined`) or added. */
function withChunks(changed: Record<string, Buffer | undefined> = {}): Buffer {
  const chunks = Object.values({ ...chunksOf(GOOD), ...changed });
  return hepOf(...chunks.filter((one): one is Buffer => one !== undefined));
}

describe('a HEPv3 datagram', () => {
  it('is read as it was sent', () => {
    expect(decodeHep(withChunks({ password: chunk(14, Buffer.from('pw')) }))).toEqual({
      ...GOOD,
      password: Buffer.from('pw'),
    });
  });

  it('may be of IPv6', () => {
    const bytes = (last: number) =>
      Buffer.from(`20010db80000000000000000000000${last}${last}`, 'hex');
    const decoded = decodeHep(
      withChunks({ source: chunk(5, bytes(1)), destination: chunk(6, bytes(2)) }),
    );
    expect(decoded).toMatchObject({
      source: { address: '2001:db8::11' },
      destination: { address: '2001:db8::22' },
    });
    if (typeof decoded !== 'string')
      expect(endpointText(decoded.source)).toBe('[2001:db8::11]:5060');
  });

  it('may have chunks of vendors and of types that we do not know, and bytes behind its end', () => {
    const more = withChunks({
      vendor: chunk(15, Buffer.from('x'), 7),
      later: chunk(99, Buffer.alloc(0)),
    });
    expect(decodeHep(Buffer.concat([more, Buffer.from('tail')]))).toEqual(GOOD);
  });

  const length = (datagram: Buffer, value: number): Buffer => {
    const changed = Buffer.from(datagram);
    changed.writeUInt16BE(value, 4);
    return changed;
  };

  it.each([
    ['not-hep3', Buffer.alloc(0)],
    ['not-hep3', Buffer.from('HEP')],
    ['not-hep3', Buffer.from([2, 16, 2, 17, 0, 0, 0, 0])],
    ['bad-length', Buffer.from('HEP3\0\0')],
    ['bad-length', withChunks().subarray(0, 100)],
    ['bad-length', length(withChunks(), 65_535)],
    ['bad-length', hepOf(Buffer.from([0, 0, 0, 15, 0, 5]))],
    ['bad-length', hepOf(Buffer.from([0, 0, 0]))],
    ['bad-chunk', withChunks({ source: chunk(3, Buffer.alloc(3)) })],
    ['bad-chunk', withChunks({ sourcePort: chunk(7, Buffer.alloc(4)) })],
    ['bad-chunk', withChunks({ microseconds: chunk(10, Buffer.from('ffffffff', 'hex')) })],
    ['incomplete', hepOf()],
    ['incomplete', withChunks({ source: undefined })],
    ['incomplete', withChunks({ destinationPort: undefined })],
    ['incomplete', withChunks({ seconds: undefined })],
    ['incomplete', withChunks({ payload: undefined })],
    ['incomplete', withChunks({ payload: chunk(15, Buffer.alloc(0)) })],
    ['compressed', withChunks({ payload: chunk(16, Buffer.from('789c', 'hex')) })],
    ['not-sip', withChunks({ protocol: chunk(11, Buffer.from([5])) })],
  ])('is refused: %s (%#)', (fault, datagram) => {
    expect(decodeHep(datagram)).toBe(fault);
  });

  it('cut off anywhere is refused', () => {
    const whole = withChunks();
    for (let end = 0; end < whole.length; end++)
      expect(typeof decodeHep(whole.subarray(0, end))).toBe('string');
  });
});
