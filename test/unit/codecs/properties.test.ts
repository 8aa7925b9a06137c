import fc from 'fast-check';
import { parseSdp } from '../../../src/codecs/sdp';
import { codecsNamedIn } from '../../../src/codecs/registry';
import { adviceOf, sdpOf, storyOf, type Written } from '../../doubles/refusals';

const TIMES = Number(process.env.CRANKBACK_TEST_RUNS ?? 200);

/** Streams as carriers and PBXes write them, by what they have. */
const PROFILES = ['RTP/AVP', 'RTP/AVPF', 'RTP/SAVP', 'RTP/SAVPF', 'UDP/TLS/RTP/SAVPF'] as const;
const KEYS = [
  '',
  'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:x',
  'a=crypto:1 AES_CM_128_HMAC_SHA1_32 inline:x',
  'a=fingerprint:sha-256 AA\na=setup:actpass',
  'a=fingerprint:sha-1 AA\na=setup:active',
];
const PAYLOADS = ['0', '8', '18', '3', '96', '101', '111'];
const MAPS = `a=rtpmap:96 AMR/8000
  a=rtpmap:101 telephone-event/8000
  a=rtpmap:111 opus/48000/2`;

const stream = fc
  .record({
    profile: fc.constantFrom(...PROFILES),
    payloads: fc.shuffledSubarray(PAYLOADS, { minLength: 1 }),
    more: fc.subarray(['a=ptime:20', 'a=ptime:30', 'a=ice-ufrag:x', 'a=sendonly'], {
      maxLength: 2,
    }),
    keys: fc.constantFrom(...KEYS),
    parameters: fc.constantFrom('', 'a=fmtp:18 annexb=no', 'a=fmtp:96 octet-align=1'),
    beside: fc.subarray(['video 31', 'fax', 'm=video 0 RTP/AVP 31', 'm=text 0 RTP/AVP 98']),
  })
  .map(({ profile, payloads, more, keys, parameters, beside }) =>
    [
      `m=audio 4000 ${profile} ${payloads.join(' ')}`,
      MAPS,
      ...more,
      keys,
      parameters,
      ...beside,
    ].join('\n'),
  );
const address = fc.constantFrom('203.0.113.9', '10.0.0.1', '2001:db8::9', '0.0.0.0');
const NAMES = ['G.729', 'GSM', 'iLBC', 'opus', 'G722', 'AMR', 'Speex'];
const warning = fc.constantFrom(
  '',
  ...[300, 301, 302, 303, 304, 305, 306, 307, 308, 330, 370].map((code) => `${code} As registered`),
  '399 SRTP is not supported',
  '399 SRTP required',
  '399 only G.729, please',
  '399 WebRTC peers only',
);
const written: fc.Arbitrary<Written> = fc.record(
  { offer: stream, refusal: stream, from: address, to: address, warning: warning.filter(Boolean) },
  { requiredKeys: ['offer'] },
);

/** What each setting says of an offer: whether the offer is like that already. */
function inForce(settings: string, { offer = '', from }: Written): boolean {
  const streams = parseSdp(sdpOf(offer, from))?.streams ?? [];
  const [audio] = streams.filter(({ type }) => type === 'audio');
  if (!audio) return false;
  const profile = audio.profile.toUpperCase();
  const on = streams.filter(({ port }) => port > 0);
  const keyed = audio.encryption !== 'none' || profile.includes('SAVP');
  const dtls = audio.encryption === 'dtls';
  const facts: Readonly<Record<string, boolean>> = {
    'media_encryption=no': !keyed,
    'media_encryption=sdes': keyed && !dtls,
    'media_encryption=dtls': dtls,
    'media_encryption_optimistic=no': profile.includes('SAVP'),
    'media_encryption_optimistic=yes': !profile.includes('SAVP'),
    'use_avpf=yes': profile.endsWith('AVPF'),
    'use_avpf=no': !profile.endsWith('AVPF'),
    'webrtc=yes': dtls && audio.ice === true && profile.endsWith('AVPF'),
    'ice_support=yes': audio.ice === true,
    'ice_support=no': !audio.ice,
    'force_avp=yes': !profile.includes('TLS'),
    'force_avp=no': profile.includes('TLS'),
    'srtp_tag_32=yes': audio.suites?.join() === 'AES_CM_128_HMAC_SHA1_32',
    'srtp_tag_32=no': audio.suites?.join() === 'AES_CM_128_HMAC_SHA1_80',
    'dtls_setup=actpass': audio.setup === 'actpass',
    'dtmf_mode=rfc4733': audio.telephoneEvent.length > 0,
    't38_udptl=no': on.every(({ type }) => type !== 'image'),
    'external_media_address=': from === '203.0.113.9' || from === undefined,
    'rtp_ipv6=no': from !== '2001:db8::9',
    'rtp_ipv6=yes': from === '2001:db8::9',
  };
  // webrtc=no stands for all of its parts, of which one is enough.
  if (settings.includes('webrtc=no')) return !dtls;
  return Object.entries(facts).some(([setting, so]) => so && settings.includes(setting));
}

/** `allow=!all,ulaw,alaw` of an offer of just that. */
function allowInForce(advice: string, { offer = '' }: Written): boolean {
  const names: Readonly<Record<string, string>> = { PCMU: 'ulaw', PCMA: 'alaw' };
  const streams = parseSdp(sdpOf(offer))?.streams ?? [];
  // Without their codecs, streams beside audio go.
  if (streams.some(({ type, port }) => type !== 'audio' && port > 0)) return false;
  const [audio] = streams;
  const ours = (audio?.codecs ?? []).map(({ name }) => names[name] ?? name.toLowerCase()).join();
  return advice.split('\n').some((one) => one.endsWith(`allow=!all,${ours}`));
}

describe('a diagnosis', () => {
  it('never proposes what is in force', () => {
    let advised = 0;
    fc.assert(
      fc.property(written, (refusal) => {
        const { differences } = storyOf(refusal);
        for (const { configuration } of differences) {
          if (configuration === undefined || configuration.startsWith('Asterisk ')) continue;
          advised += 1;
          for (const one of configuration.split('; '))
            expect([one, inForce(one, refusal)]).toEqual([one, false]);
        }
        expect(allowInForce(adviceOf(storyOf(refusal)), refusal)).toBe(false);
      }),
      { numRuns: TIMES * 5 },
    );
    expect(advised).toBeGreaterThan(TIMES);
  });

  it('proposes nothing where both sides are the same and nothing is said', () => {
    // Two sides that both want to begin the handshake do differ.
    const fitting = stream.filter((lines) => !lines.includes('a=setup:active'));
    fc.assert(
      fc.property(fitting, (lines) => {
        const told = storyOf({ offer: lines, refusal: lines });
        expect(told.cause).toBe('nothing-differs');
        expect(told.configuration).toBeUndefined();
      }),
      { numRuns: TIMES },
    );
  });

  const REFUSING = [
    (name: string) => `${name} is not licensed`,
    (name: string) => `no ${name}`,
    (name: string) => `${name}: unsupported`,
    (name: string) => `codec ${name} rejected, call released`,
    (name: string) => `please do not use ${name}`,
    (name: string) => `we accept anything except ${name}`,
    (name: string) => `${name} disabled; only PCMA is supported`,
  ];

  it('never names a codec that a Warning refuses', () => {
    fc.assert(
      fc.property(
        written,
        fc.constantFrom(...NAMES),
        fc.constantFrom(...REFUSING),
        (refusal, name, sentence) => {
          const told = storyOf({ ...refusal, warning: `399 ${sentence(name)}` });
          const refused = codecsNamedIn(name).map((codec) => codec.name.toUpperCase());
          const words = adviceOf(told)
            .toUpperCase()
            .split(/[^A-Z0-9.]+/);
          for (const codec of refused) {
            expect(words).not.toContain(codec);
            expect(told.accepts ?? []).not.toContain(codec);
          }
          expect(told.why).not.toContain(`takes ${refused.join()}`);
        },
      ),
      { numRuns: TIMES * 2 },
    );
  });

  it('takes any text and any lines', () => {
    const lines = fc
      .array(fc.oneof(fc.string(), stream), { maxLength: 4 })
      .map((all) => all.join('\n'));
    fc.assert(
      fc.property(lines, lines, fc.string(), (offer, refusal, text) => {
        const told = storyOf({ offer, refusal, warning: `399 ${text}`, status: `488 ${text}` });
        expect(told.differences.length).toBeGreaterThan(0);
        expect(told.configuration ?? '').not.toMatch(/[\n\r]/);
      }),
      { numRuns: TIMES },
    );
  });
});
