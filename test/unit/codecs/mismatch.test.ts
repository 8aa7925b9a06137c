import { codecOf, formatOf } from '../../../adapters/asterisk/trunks/codecs';
import { asteriskDialect } from '../../../adapters/asterisk/trunks/dialect';
import { codecString } from '../../../adapters/freeswitch/trunks/codecs';
import { freeswitchDialect } from '../../../adapters/freeswitch/trunks/dialect';
import { diagnose } from '../../../src/codecs/mismatch';
import { parseSdp } from '../../../src/codecs/sdp';
import type { Evidence, Warning } from '../../../src/model/failure';

const DIALECT = asteriskDialect((trunk) => trunk);

const G729_LINE =
  'pjsip.conf [carrier-a]: allow=!all,g729, but it takes a module that translates g729 (codec_g729 or codec_g729a): without one, calls that are answered end at once ("No path to translate"), unless the caller speaks g729 too';
const AUDIO = 'm=audio 4000 RTP/AVP';

/** A session description with these lines behind the session's part. */
function sdp(lines: readonly string[], address = '203.0.113.5'): string {
  return ['v=0', 'o=- 1 1 IN IP4 x', 's=-', `c=IN IP4 ${address}`, 't=0 0', ...lines, ''].join(
    '\r\n',
  );
}

interface Case {
  readonly status?: string;
  readonly offer?: string;
  readonly refusal?: string;
  readonly warnings?: readonly Warning[];
}

function hep({
  status = '488 Not Acceptable Here',
  offer,
  refusal,
  warnings = [],
}: Case): Evidence {
  const [offered, refused] = [offer, refusal].map((text) =>
    text === undefined ? undefined : parseSdp(text),
  );
  return {
    source: 'hep',
    sip: Number(status.slice(0, 3)),
    phrase: status.slice(4),
    rang: false,
    progress: false,
    origin: 'far',
    warnings,
    ...(offered && { offer: offered }),
    ...(refused && { refusal: refused }),
  };
}

function story(of: Case) {
  const refusal = { trunk: 'carrier-a', number: '0301234', evidence: [hep(of)] };
  return diagnose(refusal, DIALECT);
}

const ULAW_ALAW = sdp([`${AUDIO} 0 8`]);
const warning = (code: number, text: string): Warning => ({ code, agent: 'carrier.example', text });

describe('a carrier that takes only G.729', () => {
  it('is named with both sides, in order, and the line to change', () => {
    const refusal = sdp(['m=audio 0 RTP/AVP 18', 'a=rtpmap:18 G729/8000']);
    const warnings = [warning(305, 'Incompatible media format')];
    expect(story({ offer: ULAW_ALAW, refusal, warnings })).toEqual({
      trunk: 'carrier-a',
      number: '0301234',
      refusedWith: '488 Not Acceptable Here',
      offered: ['PCMU', 'PCMA'],
      accepts: ['G729'],
      acceptsFrom: 'body',
      common: [],
      privateAddresses: [],
      warnings: ['305 carrier.example "Incompatible media format"'],
      cause: 'no-common-codec',
      why: 'no codec in common: we offered PCMU, PCMA, the far side takes G729',
      configuration: G729_LINE,
      differences: [
        {
          cause: 'no-common-codec',
          why: 'no codec in common: we offered PCMU, PCMA, the far side takes G729',
          configuration: G729_LINE,
        },
      ],
    });
  });

  it.each([
    [305, 'Incompatible media format: only G729, GSM', ['G729', 'GSM']],
    [399, 'use G.729a instead of PCMU', ['G729']],
    [304, 'G729 required', ['G729']],
  ])('is known from Warning %i "%s" alone', (code, text, accepts) => {
    expect(story({ offer: ULAW_ALAW, warnings: [warning(code, text)] })).toMatchObject({
      accepts,
      acceptsFrom: 'warning',
      cause: 'no-common-codec',
    });
  });

  it('is not known from a Warning that only repeats our own codecs', () => {
    const told = story({ offer: ULAW_ALAW, warnings: [warning(305, 'PCMU not supported')] });
    expect(told).toMatchObject({
      cause: 'codec-refused',
      configuration: 'pjsip.conf [carrier-a]: allow=!all,alaw',
    });
    expect(told).not.toHaveProperty('accepts');
  });

  it('is not known from another kind of Warning', () => {
    const told = story({ offer: ULAW_ALAW, warnings: [warning(370, 'G729 needs less')] });
    expect(told).not.toHaveProperty('accepts');
  });
});

describe('every status that speaks of media', () => {
  it.each([
    '480 Codec Mismatch',
    '499 Codec Mismatch',
    '415 Unsupported Media Type',
    '406 Not Acceptable',
    '606 Not Acceptable',
  ])('%s is told the same way', (status) => {
    expect(story({ status, offer: ULAW_ALAW, refusal: sdp([`${AUDIO} 18`]) })).toMatchObject({
      refusedWith: status,
      cause: 'no-common-codec',
      offered: ['PCMU', 'PCMA'],
      accepts: ['G729'],
    });
  });
});

describe('the cause', () => {
  const RTP = (...lines: string[]) => sdp(lines);
  const CASES: readonly [string, Case, object][] = [
    [
      'a private media address, by phrase',
      { status: '488 Private IP Address', offer: sdp([`${AUDIO} 0`], '10.1.2.3') },
      {
        cause: 'private-address',
        privateAddresses: ['10.1.2.3'],
        why: 'the far side refuses the media address of our offer: 10.1.2.3 cannot be reached from outside',
        configuration: expect.stringContaining('external_media_address=') as string,
      },
    ],
    [
      'SRTP where the far side takes plain RTP',
      {
        offer: RTP('m=audio 4000 RTP/SAVP 8', 'a=crypto:1 X inline:Y'),
        refusal: RTP(`${AUDIO} 8`),
      },
      {
        cause: 'profile',
        profile: { offered: 'RTP/SAVP', accepted: 'RTP/AVP' },
        configuration: 'pjsip.conf [carrier-a]: media_encryption=no',
      },
    ],
    [
      'plain RTP where the far side takes SRTP',
      { offer: RTP(`${AUDIO} 8`), refusal: RTP('m=audio 4000 RTP/SAVP 8') },
      { cause: 'profile', configuration: 'pjsip.conf [carrier-a]: media_encryption=sdes' },
    ],
    [
      'plain RTP where the far side takes DTLS',
      { offer: RTP(`${AUDIO} 8`), refusal: RTP('m=audio 4000 UDP/TLS/RTP/SAVP 8') },
      {
        cause: 'profile',
        configuration: 'pjsip.conf [carrier-a]: media_encryption=dtls, dtls_auto_generate_cert=yes',
      },
    ],
    [
      'the packet time',
      { offer: RTP(`${AUDIO} 8`, 'a=ptime:20'), refusal: RTP(`${AUDIO} 8`, 'a=ptime:30') },
      {
        cause: 'ptime',
        ptime: { offered: 20, accepted: 30 },
        configuration: expect.stringContaining(
          "Asterisk offers no packets that are longer than the caller's",
        ) as string,
      },
    ],
    [
      'telephone-event that the far side wants',
      {
        offer: RTP(`${AUDIO} 8`),
        refusal: RTP(`${AUDIO} 8 101`, 'a=rtpmap:101 telephone-event/8000'),
      },
      {
        cause: 'telephone-event',
        telephoneEvent: { offered: false, accepted: true },
        configuration: 'pjsip.conf [carrier-a]: dtmf_mode=rfc4733',
      },
    ],
    [
      'a video stream beside audio that fits',
      { offer: RTP(`${AUDIO} 8`, 'm=video 4002 RTP/AVP 99'), refusal: RTP(`${AUDIO} 8`) },
      { cause: 'media-type', mediaTypes: ['video'], common: ['PCMA'] },
    ],
    [
      'more codecs than the far side bears',
      { offer: ULAW_ALAW, refusal: RTP(`${AUDIO} 8`) },
      {
        cause: 'offer-too-wide',
        common: ['PCMA'],
        configuration: 'pjsip.conf [carrier-a]: allow=!all,alaw',
      },
    ],
    [
      'unknown where the far side says nothing',
      { offer: ULAW_ALAW },
      {
        cause: 'not-said',
        why: "the far side did not say which codecs it takes; we offered PCMU, PCMA: compare with the carrier's interface description; conspicuous in our offer: no telephone-event (DTMF)",
      },
    ],
  ];

  it.each(CASES)('is %s', (_name, of, expected) => {
    expect(story(of)).toMatchObject(expected);
  });

  it('is not the telephone-event that only we offered', () => {
    const offer = sdp([`${AUDIO} 0 8 101`, 'a=rtpmap:101 telephone-event/8000']);
    expect(story({ offer, refusal: sdp([`${AUDIO} 8`]) })).toMatchObject({
      cause: 'offer-too-wide',
      telephoneEvent: { offered: true, accepted: false },
    });
  });

  it('is not the profile where the far side lists both', () => {
    const refusal = sdp(['m=audio 1 RTP/SAVP 18', `${AUDIO} 18`]);
    const told = story({ offer: ULAW_ALAW, refusal });
    expect(told.cause).toBe('no-common-codec');
    expect(told).not.toHaveProperty('profile');
  });
});

describe('without mirrored SIP', () => {
  const evidence: Evidence = {
    source: 'dialplan',
    sip: 488,
    phrase: 'Not Acceptable Here',
    rang: false,
    progress: false,
    origin: 'far',
  };

  it("the PBX's own offer is told, and what HEP would add", () => {
    const offered = [{ name: 'PCMU', clockRate: 8000 }];
    const refusal = { trunk: 'carrier-a', number: '1', evidence: [{ ...evidence, offered }] };
    expect(diagnose(refusal, DIALECT)).toMatchObject({
      offered: ['PCMU'],
      cause: 'not-said',
      missing:
        "without mirrored SIP the other side's codecs and Warnings are not seen: load res_hep_pjsip and set CRANKBACK_HEP_PORT (docs/hep.md)",
    });
  });

  it('nothing is invented where not even the offer is known', () => {
    const told = diagnose({ trunk: 'carrier-a', number: '1', evidence: [evidence] }, DIALECT);
    expect(told).not.toHaveProperty('offered');
    expect(told).not.toHaveProperty('configuration');
  });
});

describe('the line to change', () => {
  it('for FreeSWITCH is a codec string of the gateway', () => {
    const evidence = [hep({ offer: ULAW_ALAW, refusal: sdp([`${AUDIO} 18 3`]) })];
    const dialect = freeswitchDialect((trunk) => trunk);
    expect(diagnose({ trunk: 'carrier-a', number: '1', evidence }, dialect).configuration).toBe(
      "the dial string of sofia/gateway/carrier-a: {absolute_codec_string='G729,GSM'}",
    );
  });

  it.each(["x'}", 'a,b', 'x\n', '', 'x'.repeat(33)])('never has %j in it', (name) => {
    const codec = { name, clockRate: 8000 };
    expect(codecString(codec)).toBeUndefined();
    expect(formatOf(codec)).toBeUndefined();
  });

  it.each([
    ['G.729a', 'g729', 'G729'],
    ['pcmu', 'ulaw', 'PCMU'],
  ])('calls %s as the PBX does', (name, format, inString) => {
    expect(formatOf({ name, clockRate: 8000 })).toBe(format);
    expect(codecString({ name, clockRate: 8000 })?.toUpperCase()).toBe(inString);
    expect(codecOf(`${format}:20`)).toMatchObject({ clockRate: 8000 });
  });
});
