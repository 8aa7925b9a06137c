import { contactText } from '../../../../src/explain/story/said-rows';
import {
  diagnosisOf,
  judgedLive,
  messagesOf,
  storiesOf,
  type WholeCall,
} from '../../../doubles/whole-calls';

/** What has to be said of a call; words are of the diagnosis, for either PBX. */
interface Expected {
  readonly class?: string;
  readonly fault?: string;
  /** `undefined`: none. */
  readonly sip?: number | undefined;
  /** null: none. */
  readonly q850?: number | null;
  readonly says?: readonly string[];
  readonly not?: readonly string[];
  readonly contacts?: readonly string[];
}
type Row = readonly [what: string, call: WholeCall, expected: Expected];

const NAH = '488 Not Acceptable Here';
/** A call that got one response. */
const got = (status: string, headers: readonly string[] = [], more: Partial<WholeCall> = {}) => ({
  answers: [{ status, headers }],
  ...more,
});
/** An offer that got a 488 with a session description. */
const refused = (offer: string, sdp: string, more: Partial<WholeCall> = {}): WholeCall => ({
  offer,
  answers: [{ status: NAH, sdp }],
  ...more,
});
const warned = (text: string, more: Partial<WholeCall> = {}): WholeCall =>
  got(NAH, [`Warning: ${text}`], more);
const q850 = (cause: number, more = '') => `Reason: Q.850;cause=${cause}${more}`;

/** No advice on audio codecs. */
const NO_CODECS = ['allow=', 'absolute_codec_string'];
const SDES = `m=audio 4000 RTP/SAVP 0 8
  a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:x`;
const DTLS = (profile: string) => `m=audio 4000 ${profile} 0 8
  a=fingerprint:sha-256 AA:BB
  a=setup:actpass`;
const WEBRTC = `m=audio 4000 UDP/TLS/RTP/SAVPF 111 8 0
  a=rtpmap:111 opus/48000/2
  a=fingerprint:sha-256 AA:BB
  a=setup:actpass
  a=ice-ufrag:x
  a=ice-pwd:y`;
const FAX = 'm=image 4002 udptl t38\na=T38FaxVersion:0';

const REASONS_BEFORE: readonly Row[] = [
  [
    'busy in the 183, nothing in the 480',
    {
      answers: [
        {
          status: '183 Session Progress',
          headers: ['P-Early-Media: sendrecv', q850(17, ';text="User busy"')],
        },
        { status: '480 Temporarily Unavailable', headers: [q850(31)] },
      ],
    },
    { class: 'busy', fault: 'callee', q850: 17 },
  ],
  [
    'in other letters, folded, with blanks',
    {
      answers: [
        { status: '183 Progress', headers: ['REASON :\r\n  q.850 ; cause = 17'] },
        { status: '480 Gone' },
      ],
    },
    { class: 'busy', q850: 17 },
  ],
  [
    'after another value on the same line',
    {
      answers: [
        {
          status: '183 Progress',
          headers: ['Reason: SIP;cause=480, Q.850;cause=1;text="Unallocated"'],
        },
        { status: '503 Service Unavailable' },
      ],
    },
    { class: 'invalid-number', fault: 'number', q850: 1 },
  ],
  [
    'the last one that says something',
    {
      answers: [
        { status: '183 Progress', headers: [q850(17)] },
        { status: '183 Progress', headers: [q850(20)] },
        { status: '199 Early Dialog Terminated', headers: [q850(16)] },
        { status: '500 Server Internal Error' },
      ],
    },
    { class: 'unavailable', q850: 20 },
  ],
  [
    'as a SIP status',
    {
      answers: [
        { status: '180 Ringing', headers: ['Reason: SIP;cause=486;text="Busy Here"'] },
        { status: '480 Gone' },
      ],
    },
    { class: 'busy', q850: null },
  ],
  [
    'an empty one beside one that speaks',
    {
      answers: [
        { status: '183 Progress', headers: ['Reason:', 'Reason: Q.850', q850(17)] },
        { status: '480 Gone', headers: ['Reason: Q.850;cause='] },
      ],
    },
    { class: 'busy', q850: 17 },
  ],
];

const ENCRYPTION: readonly Row[] = [
  [
    'a Warning 308 and the phrase',
    got('488 Encryption Levels Incompatible', [
      'Warning: 308 example.com "Encryption Levels Incompatible"',
    ]),
    { class: 'codec-mismatch', says: ['encryption'], not: NO_CODECS },
  ],
  [
    'a Warning 399',
    warned('399 gw "SRTP required"'),
    { says: ['encryption', 'media_encryption='], not: NO_CODECS },
  ],
  [
    'a Warning 399 without an agent',
    warned('399 "secure media only"'),
    { says: ['encryption'], not: NO_CODECS },
  ],
  ['the phrase alone', got('488 Crypto Required'), { says: ['encryption'], not: NO_CODECS }],
  ['a bare 488 to SRTP', got(NAH, [], { offer: SDES }), { says: ['encryption'], not: NO_CODECS }],
  [
    'suites that differ',
    refused(SDES, SDES.replace('_80', '_32')),
    { says: ['AES_CM_128_HMAC_SHA1_32'], not: ['media_encryption=no', ...NO_CODECS] },
  ],
  [
    'SRTP wanted by the refusal',
    refused('audio 0 8', SDES),
    { says: ['media_encryption=sdes'], not: NO_CODECS },
  ],
  ['SRTP refused', refused(SDES, 'audio 0 8'), { says: ['media_encryption=no'], not: NO_CODECS }],
  [
    'Warning 306 to SRTP',
    warned('306 gw "Attribute crypto not understood"', { offer: SDES }),
    { says: ['encryption'], not: NO_CODECS },
  ],
];

const PROFILES: readonly Row[] = [
  [
    'AVPF offered, AVP wanted',
    refused('m=audio 4000 RTP/AVPF 0 8', 'audio 0 8'),
    { class: 'codec-mismatch', says: ['use_avpf'], not: ['media_encryption', ...NO_CODECS] },
  ],
  [
    'the other way round',
    refused('audio 0 8', 'm=audio 4000 RTP/AVPF 0 8'),
    { says: ['use_avpf=yes'], not: ['media_encryption', ...NO_CODECS] },
  ],
  [
    'in small letters',
    refused('m=audio 4000 rtp/avpf 0 8', 'm=audio 4000 rtp/avp 0 8'),
    { says: ['use_avpf=no'], not: ['media_encryption', ...NO_CODECS] },
  ],
  [
    'SAVPF offered, SAVP wanted, both with SDES',
    refused(SDES.replace('SAVP', 'SAVPF'), SDES),
    { says: ['use_avpf=no'], not: ['media_encryption', ...NO_CODECS] },
  ],
  [
    'SDES against DTLS',
    refused(SDES, DTLS('UDP/TLS/RTP/SAVP')),
    { says: ['media_encryption=dtls'], not: ['use_avpf', ...NO_CODECS] },
  ],
  [
    'one and the same, spelt in two ways',
    refused(DTLS('RTP/SAVPF'), DTLS('UDP/TLS/RTP/SAVPF')),
    { not: ['media_encryption', 'use_avpf', ...NO_CODECS] },
  ],
];

const WEBRTC_PEERS: readonly Row[] = [
  [
    'ICE, DTLS and AVPF',
    refused('audio 0 8', WEBRTC),
    {
      says: ['webrtc=yes', 'media_webrtc=true'],
      not: ['use_avpf', 'media_encryption', 'ice_support'],
    },
  ],
  [
    'to an offer with SDES',
    refused(SDES, WEBRTC),
    { says: ['webrtc=yes'], not: ['use_avpf', 'media_encryption=', 'ice_support'] },
  ],
  [
    'with BUNDLE and rtcp-mux',
    refused('audio 0 8', `${WEBRTC}\na=rtcp-mux\na=mid:0`),
    { says: ['webrtc=yes'], not: ['use_avpf', 'media_encryption'] },
  ],
  [
    'WebRTC offered, plain wanted',
    refused(WEBRTC, 'audio 0 8'),
    { says: ['webrtc=no'], not: ['webrtc=yes'] },
  ],
];

const STREAMS: readonly Row[] = [
  [
    'T.38 beside audio, port 0',
    refused(`audio 0 8\n${FAX}`, 'audio 0 8\nm=image 0 udptl t38'),
    { class: 'codec-mismatch', says: ['t38'], not: ['nothing else beside', 'allow='] },
  ],
  [
    'T.38 beside audio, left out',
    refused(`audio 0 8\n${FAX}`, 'audio 0 8'),
    { says: ['t38_udptl=no'], not: ['nothing else beside', 'allow='] },
  ],
  [
    'T.38 before audio, in capitals',
    refused(`m=image 4002 UDPTL t38\naudio 0 8`, 'm=image 0 UDPTL t38\naudio 0 8'),
    { says: ['t38_udptl=no'], not: ['nothing else beside', 'allow='] },
  ],
  [
    'video, port 0',
    refused('audio 0 8\nvideo 97\na=rtpmap:97 H264/90000', 'audio 0 8\nm=video 0 RTP/AVP 97'),
    { says: ['video', 'allow=!all,ulaw,alaw'], not: ['nothing else beside'] },
  ],
  [
    'text, left out',
    refused('audio 0 8\nm=text 4004 RTP/AVP 98\na=rtpmap:98 t140/1000', 'audio 0 8'),
    { says: ['text'], not: ['nothing else beside'] },
  ],
  [
    'T.38 alone, audio wanted',
    refused(FAX, 'audio 0 8'),
    { says: ['T.38'], not: ['nothing else beside'] },
  ],
];

const OTHER_STREAMS: readonly Row[] = [
  [
    'application, left out: no setting of another kind is advised',
    refused('audio 0 8\nm=application 5000 UDP/BFCP *', 'audio 0 8'),
    { says: ['application'], not: ['sdp_m_per_ptime', 'nothing else beside'] },
  ],
  [
    'DTMF that the refusal does not list is conspicuous',
    refused('audio 0 8 101\na=rtpmap:101 telephone-event/8000', 'audio 0 8'),
    { says: ['telephone-event (DTMF), which the refusal does not list'], not: NO_CODECS },
  ],
  [
    'no offer at all: nothing is claimed of it',
    { invite: { headers: [], body: '' }, answers: [{ status: NAH, sdp: 'audio 0 8' }] },
    { says: ['our offer is not known'], not: ['no codec in common'] },
  ],
];

const rtpmap = (payload: number, codec: string, fmtp = '') =>
  `m=audio 4000 RTP/AVP ${payload}\na=rtpmap:${payload} ${codec}${fmtp && `\na=fmtp:${payload} ${fmtp}`}`;

const PARAMETERS: readonly Row[] = [
  [
    'G.729 with and without Annex B',
    refused(rtpmap(18, 'G729/8000', 'annexb=yes'), rtpmap(18, 'G729/8000', 'annexb=no')),
    { says: ['annexb'], not: ['nothing else beside'] },
  ],
  [
    'the same, where one side says nothing',
    refused(rtpmap(18, 'G729/8000'), rtpmap(18, 'G729/8000', 'annexb=no')),
    { says: ['annexb'], not: ['nothing else beside'] },
  ],
  [
    'in other letters and blanks',
    refused(rtpmap(18, 'g729/8000', 'AnnexB = Yes'), rtpmap(18, 'G729/8000', 'annexb=no')),
    { says: ['annexb'], not: ['nothing else beside'] },
  ],
  [
    'AMR octet-align, other payload types',
    refused(rtpmap(96, 'AMR/8000', 'octet-align=1'), rtpmap(102, 'AMR/8000', 'octet-align=0')),
    { says: ['octet-align'] },
  ],
  [
    'AMR mode-set',
    refused(rtpmap(96, 'AMR/8000', 'mode-set=7'), rtpmap(96, 'AMR/8000', 'mode-set=0,2,4,7')),
    { says: ['mode-set'] },
  ],
  [
    'iLBC mode',
    refused(rtpmap(97, 'iLBC/8000', 'mode=20'), rtpmap(97, 'iLBC/8000', 'mode=30')),
    { says: ['mode'] },
  ],
  [
    'H.264 packetization-mode',
    refused(
      'audio 0\nvideo 97\na=rtpmap:97 H264/90000\na=fmtp:97 packetization-mode=0',
      'audio 0\nvideo 97\na=rtpmap:97 H264/90000\na=fmtp:97 packetization-mode=1',
    ),
    { says: ['packetization-mode'] },
  ],
  [
    'packet time',
    refused('audio 0\na=ptime:20', 'audio 0\na=ptime:30'),
    { says: ['30'], not: ['nothing else beside'] },
  ],
  [
    'the clock rate of DTMF',
    refused(
      'audio 0 101\na=rtpmap:101 telephone-event/8000',
      'audio 0 101\na=rtpmap:101 telephone-event/48000',
    ),
    { says: ['telephone-event'] },
  ],
];

const V6 = '2001:db8::9';
const ADDRESSES: readonly Row[] = [
  [
    'IPv6 and Warning 300',
    warned('300 example.net "Incompatible network protocol"', { from: V6 }),
    { says: ['IPv6'], not: ['allow='] },
  ],
  [
    'IPv6 and Warning 301',
    warned('301 gw "Incompatible network address formats"', { from: V6 }),
    { says: ['IPv6'], not: ['allow='] },
  ],
  [
    'IPv6, and IPv4 in the refusal',
    refused('audio 0 8', 'audio 0 8', { from: V6 }),
    { says: ['IPv4'], not: ['allow='] },
  ],
  [
    'a private address and Warning 301',
    warned('301 gw "Incompatible network address formats"', { from: '10.0.0.9' }),
    { says: ['10.0.0.9', 'external_media_address'], not: ['allow='] },
  ],
  ['0.0.0.0', got(NAH, [], { from: '0.0.0.0' }), { says: ['0.0.0.0'], not: ['allow='] }],
];

const SAME: readonly Row[] = [
  [
    'the list that was offered',
    refused('audio 0 8', 'audio 0 8'),
    { not: ['nothing else beside', ...NO_CODECS] },
  ],
  [
    'the same with rtpmap lines',
    refused('audio 0 8', 'audio 0 8\na=rtpmap:0 pcmu/8000\na=rtpmap:8 PCMA/8000/1'),
    { not: ['nothing else beside', ...NO_CODECS] },
  ],
  [
    'other payload types',
    refused('audio 96\na=rtpmap:96 opus/48000/2', 'audio 111\na=rtpmap:111 OPUS/48000/2'),
    { not: ['nothing else beside', ...NO_CODECS] },
  ],
  [
    'the same and port 0',
    refused('audio 0 8', 'm=audio 0 RTP/AVP 0 8'),
    { not: ['nothing else beside', ...NO_CODECS] },
  ],
  ['one codec', refused('audio 8', 'audio 8'), { not: ['nothing else beside', ...NO_CODECS] }],
];

const NEGATIONS: readonly Row[] = [
  [
    'G.729 is not licensed',
    warned('399 gw "G.729 is not licensed"'),
    { not: ['allow=!all,g729', "absolute_codec_string='G729", 'takes G729'] },
  ],
  [
    'no G729',
    warned('399 gw "no G729 here"'),
    { not: ['allow=!all,g729', "absolute_codec_string='G729", 'takes G729'] },
  ],
  [
    'G729 unsupported, in capitals',
    warned('399 gw "CODEC G729 UNSUPPORTED"'),
    { not: ['allow=!all,g729', "absolute_codec_string='G729", 'takes G729'] },
  ],
  [
    'without opus',
    got('488 without opus'),
    { not: ['allow=!all,opus', "absolute_codec_string='OPUS", 'takes opus'] },
  ],
  [
    'one refused, another wanted',
    warned('399 gw "G.711 not supported, use G.729"'),
    { says: ['g729'], not: ['allow=!all,ulaw', 'takes PCMU'] },
  ],
  ['and a wish is one', warned('399 gw "only G.729 is supported"'), { says: ['allow=!all,g729'] }],
  ...[
    'Unsupported codec(s): G729',
    'Codec refused [488]: G729',
    'G729 не поддерживается',
    'G729 지원 안 함',
    'G729 wird nicht unterstützt',
    'G729 no soportado',
    'neither G729 nor opus',
    'no license for G.729',
  ].map((text): Row => [
    text,
    warned(`399 gw "${text}"`),
    { not: ['allow=!all,g729', "absolute_codec_string='G729", 'takes G729'] },
  ]),
];

const multipart = (type: string): Partial<WholeCall> => ({
  invite: {
    headers: ['Content-Type: multipart/mixed;boundary=b'],
    body: `--b\r\nContent-Type: application/sdp\r\n\r\nv=0\r\nm=audio 4000 RTP/AVP 0\r\n\r\n--b\r\nContent-Type: ${type}\r\n\r\nx\r\n--b--\r\n`,
  },
});
const BODIES: readonly Row[] = [
  [
    'multipart with a location, SDP taken',
    got(
      '415 Unsupported Media Type',
      ['Accept: application/sdp'],
      multipart('application/pidf+xml'),
    ),
    { class: 'bad-request', says: ['multipart'], not: NO_CODECS },
  ],
  [
    'ISUP, told by a 406',
    got(
      '406 Not Acceptable',
      ['ACCEPT: application/SDP;level=1'],
      multipart('application/ISUP;version=itu-t92+'),
    ),
    { class: 'bad-request', says: ['isup'], not: NO_CODECS },
  ],
  [
    'no Accept at all',
    got('415 Unsupported Media Type', [], multipart('application/isup')),
    { class: 'bad-request', says: ['multipart'], not: NO_CODECS },
  ],
  [
    'an empty Accept',
    got('415 Unsupported Media Type', ['Accept:'], multipart('application/pidf+xml')),
    { class: 'bad-request', not: NO_CODECS },
  ],
  [
    'an encoding',
    got('415 Unsupported Media Type', ['Accept-Encoding: identity'], {
      invite: { headers: ['Content-Type: application/sdp', 'e: gzip'], body: 'x' },
    }),
    { class: 'bad-request', says: ['gzip'], not: NO_CODECS },
  ],
  [
    'plain SDP that is taken: it is about codecs',
    got('415 Unsupported Media Type', ['Accept: application/sdp']),
    { class: 'codec-mismatch' },
  ],
];

const caller = { class: 'caller-id-rejected', fault: 'caller' } as const;
const IDENTITY: readonly Row[] = [
  [
    'STIR 433 on a 403',
    got('403 Forbidden', ['Reason: STIR;cause=433;text="Anonymity Disallowed"']),
    { ...caller, q850: null },
  ],
  [
    'STIR in small letters, beside a Q.850',
    got('403 Forbidden', [`${q850(21)}, stir ;cause=438`]),
    caller,
  ],
  ['the phrase of RFC 8224 alone', got('403 Stale Date'), caller],
  ['its status', got('428 Use Identity Header'), caller],
  [
    'its phrase under SIP',
    got('603 Decline', ['Reason: SIP;cause=437;text="Unsupported Credential"']),
    caller,
  ],
  [
    'another protocol says nothing',
    got('403 Forbidden', ['Reason: FOO;cause=433;text="Anonymity Disallowed"']),
    { class: 'forbidden', q850: null },
  ],
];

const TERMINATED: readonly Row[] = [
  ['and Q.850 17', got('487 Request Terminated', [q850(17)]), { class: 'busy', q850: 17 }],
  [
    'and Q.850 34',
    got('487 Request Terminated', [q850(34)]),
    { class: 'trunk-congested', fault: 'trunk' },
  ],
  [
    'and SIP 603',
    got('487 Request Cancelled', ['Reason: SIP;cause=603;text="Decline"']),
    { class: 'declined' },
  ],
  [
    'and a Reason in its 183',
    { answers: [{ status: '183 Progress', headers: [q850(1)] }, { status: '487 Done' }] },
    { class: 'invalid-number' },
  ],
  [
    'after ringing, that we asked for',
    {
      answers: [
        { status: '180 Ringing' },
        { status: '487 Request Terminated', headers: [q850(17)] },
      ],
      cancelled: true,
    },
    { class: 'no-answer', fault: 'callee' },
  ],
];

const analytics = 'v=analytics1;url=https://example.com;tel=+12025550199';
const blocked = { class: 'blocked', fault: 'caller' } as const;
const BLOCKED: readonly Row[] = [
  [
    '603+ as it is published',
    got('603 Decline', [`Reason: Q.850;cause=21;text="${analytics}";location=LN`]),
    blocked,
  ],
  ['its phrase', got('603 NETWORK BLOCKED'), blocked],
  [
    'in capitals, other order',
    got('603 Decline', ['Reason: SIP;text="URL=https://example.com; V=ANALYTICS1";cause=603']),
    blocked,
  ],
  [
    'behind another Reason',
    got('603 Decline', [q850(16), `Reason: Q.850;text="${analytics}";cause=21`]),
    blocked,
  ],
  ['608', got('608 Rejected', ['Call-Info: <https://example.com/>;purpose=jwscard']), blocked],
  [
    'another version is the callee',
    got('603 Decline', ['Reason: Q.850;cause=21;text="v=analytics9"']),
    { class: 'declined', fault: 'callee' },
  ],
];

const CAUSES: readonly Row[] = [
  [
    '16 before 17',
    got('480 Temporarily Unavailable', [q850(16), q850(17)]),
    { class: 'busy', q850: 17 },
  ],
  [
    '17 before 16, on one line',
    got('480 Gone', [`${q850(17)}, Q.850;cause=16`]),
    { class: 'busy', q850: 17 },
  ],
  ['0 is none', got('480 Gone', [q850(0), q850(17)]), { class: 'busy', q850: 17 }],
  ['200 is none', got('404 Not Found', [q850(200), q850(3)]), { class: 'no-route', q850: 3 }],
  ['0 alone', got('480 Gone', [q850(0)]), { q850: null }],
  [
    'three, the last one speaks',
    got('500 Error', [`${q850(31)}, Q.850;cause=127, Q.850;cause=38`]),
    { q850: 38 },
  ],
];

const moved = (...contacts: readonly string[]) =>
  got(
    '302 Moved Temporarily',
    contacts.map((contact) => `Contact: ${contact}`),
  );
const CONTACTS: readonly Row[] = [
  [
    'a display name that looks like an address',
    moved('"sip:0099333@192.0.2.1" <sip:0099444@other.example.com>'),
    { class: 'redirected', contacts: ['0099444@other.example.com'] },
  ],
  [
    'number portability, by q',
    moved(
      '<sip:+12025550124;npdi;rn=+12025550100@gw.example.com;user=phone>;q=0.1, <sip:+12025550125@gw.example.com>;q=0.9',
    ),
    { contacts: ['+12025550125@gw.example.com', '+12025550124@gw.example.com'] },
  ],
  [
    'the same on two lines, compact',
    got('302 Moved', ['m: <sip:1@a.example>;q=.2', 'm: <sip:2@b.example>;Q=0.7']),
    { contacts: ['2@b.example', '1@a.example'] },
  ],
  [
    'tel with separators',
    moved('<tel:+1-202-555-0124;phone-context=example.com>'),
    { contacts: ['+12025550124'] },
  ],
  [
    'percent-encoding',
    moved('<sip:%2B1202555%30124@gw.example.com>'),
    { contacts: ['+12025550124@gw.example.com'] },
  ],
  [
    'a comma and a bracket in the name',
    moved('"A, <sip:9@evil.example>" <sip:+1(202)555-0124@gw.example.com:5080;transport=tcp>'),
    { contacts: ['+12025550124@gw.example.com'] },
  ],
  ['no Contact', got('302 Moved Temporarily'), { class: 'redirected', contacts: [] }],
];

const silence = { class: 'trunk-timeout', fault: 'trunk', sip: undefined } as const;
const then = (...steps: readonly (readonly [string, 'again' | 'next-host'])[]): WholeCall => ({
  answers: steps.map(([status, next]) => ({ status, then: next })),
});
const CHALLENGES: readonly Row[] = [
  ['401, then nothing', then(['401 Unauthorized', 'again']), silence],
  ['407, then nothing', then(['407 Proxy Authentication Required', 'again']), silence],
  ['422, then nothing', then(['422 Session Interval Too Small', 'again']), silence],
  ['484, more digits, then nothing', then(['484 Address Incomplete', 'again']), silence],
  ['503 of an SRV host, and the next one says nothing', then(['503 Full', 'next-host']), silence],
  ['401, 422, then nothing', then(['401 No', 'again'], ['422 Too Small', 'again']), silence],
  [
    '407, then 100 and nothing more',
    { answers: [{ status: '407 No', then: 'again' }, { status: '100 Trying' }] },
    silence,
  ],
  [
    '407, then ringing and nothing more: the callee',
    { answers: [{ status: '407 No', then: 'again' }, { status: '180 Ringing' }] },
    { class: 'no-answer', fault: 'callee' },
  ],
  [
    '401 twice: now it is the password',
    { answers: [{ status: '401 No', then: 'again' }, { status: '401 No' }] },
    { class: 'auth-failed', fault: 'trunk' },
  ],
];

const DEBTS: readonly Row[] = [
  ['403 No Money Left', got('403 No Money Left'), { class: 'no-credit', fault: 'trunk' }],
  ['404 Unknown user account', got('404 Unknown user account'), { class: 'auth-failed' }],
  ['480 in small letters', got('480 no money left'), { class: 'no-credit', fault: 'trunk' }],
  ['402, whatever it says', got('402 Pay'), { class: 'no-credit', fault: 'trunk' }],
  ['403 with marks', got('403 *No-Money-Left*!'), { class: 'no-credit', fault: 'trunk' }],
];

describe.each([
  ['Reason headers of provisional responses', REASONS_BEFORE],
  ['encryption', ENCRYPTION],
  ['profiles', PROFILES],
  ['peers of WebRTC', WEBRTC_PEERS],
  ['streams beside audio', STREAMS],
  ['other streams', OTHER_STREAMS],
  ['format parameters', PARAMETERS],
  ['addresses', ADDRESSES],
  ['the refusal repeats the offer', SAME],
  ['codecs that are not to be had', NEGATIONS],
  ['the type of our body', BODIES],
  ['the caller’s identity', IDENTITY],
  ['487', TERMINATED],
  ['blocked by analytics', BLOCKED],
  ['several Q.850 causes', CAUSES],
  ['Contacts', CONTACTS],
  ['a challenge, then silence', CHALLENGES],
  ['an account that is empty or unknown', DEBTS],
] as const)('%s', (_, rows) => {
  it.each([...rows])('%s', (_what, call, expected) => {
    const judged = judgedLive(call);
    const { failure } = judged;
    const { says = [], not = [], contacts, q850: cause, ...told } = expected;
    const { class: name, fault } = failure;
    expect({ class: name, fault, sip: failure.sip }).toMatchObject(told);
    if (cause !== undefined) expect(failure.q850 ?? null).toBe(cause);
    if (contacts) expect((failure.evidence[0]?.contacts ?? []).map(contactText)).toEqual(contacts);
    const text = diagnosisOf(judged);
    for (const word of says) expect(text).toContain(word);
    for (const word of not) expect(text).not.toContain(word);
  });

  it.each([...rows])('%s: explain tells the same as live', (_what, call) => {
    const { failure, media } = judgedLive(call);
    const [story, ...others] = storiesOf(messagesOf(call).join('\r\n'));
    expect(others).toEqual([]);
    expect(story?.facts).toMatchObject({
      class: failure.class,
      fault: failure.fault,
      sip: failure.sip ?? null,
      q850: failure.q850 ?? null,
      rang: failure.rang,
      ...(failure.decidedBy && { decidedBy: failure.decidedBy }),
      ...failure.redress,
    });
    expect(story?.facts['media'] ?? {}).toEqual(media);
    const shown = story?.rows.map(([, text]) => text).join('\n');
    for (const { why, configuration = '' } of Object.values(media).flatMap(
      (it) => it.differences,
    )) {
      expect(shown).toContain(why);
      expect(shown).toContain(configuration);
    }
  });
});
