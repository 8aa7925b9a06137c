import { codecKey, codecsNamedIn } from '../../../src/codecs/registry';
import { isPrivate } from '../../../src/codecs/private-address';
import { parseSdp } from '../../../src/codecs/sdp';

function read(...lines: string[]) {
  return parseSdp(['v=0', 'o=- 1 1 IN IP4 x', 's=-', 't=0 0', ...lines, ''].join('\r\n'))?.streams;
}

describe('a session description', () => {
  it('is read with codecs in order, DTMF, packet time and address', () => {
    const [stream] =
      read(
        'c=IN IP4 192.0.2.1',
        'm=audio 4000 RTP/AVP 96 8 101 13',
        'c=IN IP4 192.0.2.2',
        'a=rtpmap:96 opus/48000/2',
        'a=rtpmap:101 telephone-event/8000',
        'a=ptime:20',
        'a=maxptime:40',
      ) ?? [];
    expect(stream).toEqual({
      type: 'audio',
      port: 4000,
      profile: 'RTP/AVP',
      codecs: [
        { name: 'opus', clockRate: 48000, channels: 2 },
        { name: 'PCMA', clockRate: 8000 },
      ],
      formats: [
        { codec: { name: 'opus', clockRate: 48000, channels: 2 }, parameters: [] },
        { codec: { name: 'PCMA', clockRate: 8000 }, parameters: [] },
      ],
      telephoneEvent: [8000],
      encryption: 'none',
      ptime: 20,
      maxptime: 40,
      address: '192.0.2.2',
    });
  });

  it.each([
    [['m=audio 1 RTP/SAVP 0', 'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:x'], 'sdes'],
    [['m=audio 1 UDP/TLS/RTP/SAVPF 0'], 'dtls'],
    [['a=fingerprint:sha-256 AA:BB', 'm=audio 1 RTP/SAVPF 0'], 'dtls'],
    [['m=audio 1 RTP/AVP 0'], 'none'],
  ])('%j is encrypted by %s', (lines, encryption) => {
    expect(read(...lines)).toMatchObject([{ encryption }]);
  });

  it('may have bare line feeds, a number of ports, and space at line ends', () => {
    expect(parseSdp('v=0\nm=audio 4000/2 RTP/AVP 0  \n')?.streams).toMatchObject([
      { port: 4000, codecs: [{ name: 'PCMU' }] },
    ]);
  });

  it('may be of T.38, which has no codecs', () => {
    expect(read('m=image 4000 udptl t38')).toMatchObject([{ type: 'image', codecs: [] }]);
  });

  it('has format parameters, keys, ICE and bundles', () => {
    const streams = read(
      'a=group:BUNDLE 0 1',
      'a=fingerprint:SHA-256 AA:BB',
      'm=audio 9 UDP/TLS/RTP/SAVPF 18 101',
      'a=fmtp:18 AnnexB=No; x=1;broken',
      'a=rtpmap:101 telephone-event/8000',
      'a=fmtp:101 0-16',
      'a=mid:0',
      'a=setup:actpass',
      'a=ice-ufrag:x',
      'a=sendonly',
      'm=video 0 RTP/SAVP 96',
      'a=rtpmap:96 VP8/90000',
      'a=crypto:1 AES_CM_128_HMAC_SHA1_32 inline:x',
      'a=mid:1',
      'a=bundle-only',
      'm=image 4002 udptl t38',
    );
    expect(streams).toMatchObject([
      {
        formats: [
          {
            codec: { name: 'G729' },
            parameters: [
              { name: 'annexb', value: 'no' },
              { name: 'x', value: '1' },
            ],
          },
        ],
        fingerprint: 'sha-256',
        setup: 'actpass',
        ice: true,
        bundled: true,
        direction: 'sendonly',
      },
      { suites: ['AES_CM_128_HMAC_SHA1_32'], bundled: true, bundleOnly: true },
      { type: 'image', otherFormats: ['t38'] },
    ]);
    expect(streams?.[2]).not.toHaveProperty('bundled');
  });

  it('of absurd parameters and keys is cut', () => {
    const [stream] =
      read(
        'm=audio 1 RTP/SAVP 18',
        `a=fmtp:18 ${Array.from({ length: 60 }, (_, at) => `p${at}=1`).join(';')}`,
        ...Array.from({ length: 60 }, (_, at) => `a=crypto:${at} S${at} inline:x`),
      ) ?? [];
    expect(stream?.formats?.[0]?.parameters).toHaveLength(24);
    expect(stream?.suites).toHaveLength(16);
  });

  it('without a media line is none', () => {
    expect(read()).toBeUndefined();
    expect(parseSdp('hello')).toBeUndefined();
  });

  it('of more lines than any is read by its first ones', () => {
    const others = (lines: number) => Array<string>(lines).fill('a=x');
    expect(read(...others(500), 'm=audio 1 RTP/AVP 0')).toHaveLength(1);
    expect(read(...others(600), 'm=audio 1 RTP/AVP 0')).toBeUndefined();
  });

  it('of absurd size is cut', () => {
    const many = Array.from({ length: 400 }, () => 'm=audio 1 RTP/AVP 0');
    expect(read(...many)).toHaveLength(16);
    expect(read(`m=audio 1 RTP/AVP ${'0 '.repeat(4000)}`)).toBeUndefined();
    expect(read(`m=audio 1 RTP/AVP ${'0 '.repeat(200)}`)?.[0]?.codecs).toHaveLength(64);
  });
});

describe('codecs', () => {
  it.each([
    ['PCMA', 'pcma'],
    ['G729', 'G729A'],
    ['G729', 'G.729ab'],
    ['PCMU', 'ulaw'],
  ])('%s and %s are the same', (one, other) => {
    expect(codecKey({ name: one, clockRate: 8000 })).toBe(
      codecKey({ name: other, clockRate: 8000 }),
    );
  });

  it.each([
    ['only G729, GSM', ['G729', 'GSM']],
    ['Codec (G.711 a-law) required', ['PCMA']],
    ['opus/48000', ['opus']],
    ['nothing in common', []],
    ['GSM-R network', []],
  ])('named in "%s" are %j', (text, names) => {
    expect(codecsNamedIn(text).map(({ name }) => name)).toEqual(names);
  });
});

describe('a media address', () => {
  it.each(['10.0.0.1', '172.31.255.255', '192.168.1.1', '100.64.0.1', '127.0.0.1', 'fd00::1'])(
    '%s is private',
    (address) => expect(isPrivate(address)).toBe(true),
  );
  it.each(['203.0.113.5', '172.32.0.1', '2001:db8::1', 'pbx.example.org', ''])(
    '%s is not',
    (address) => expect(isPrivate(address)).toBe(false),
  );
});
