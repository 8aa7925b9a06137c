import { storyOf, textOf, type Written } from '../../doubles/refusals';

const WEBRTC = `m=audio 4000 UDP/TLS/RTP/SAVPF 111 8 0
  a=rtpmap:111 opus/48000/2
  a=fingerprint:sha-256 AA:BB
  a=setup:actpass
  a=ice-ufrag:x
  a=ice-pwd:y`;
const SDES = `m=audio 4000 RTP/SAVP 0 8
  a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:x`;
const DTLS = 'm=audio 4000 UDP/TLS/RTP/SAVP 0 8\na=fingerprint:sha-256 AA:BB\na=setup:actpass';
const G729 = 'audio 18\na=rtpmap:18 G729/8000';
const AMR = 'audio 96\na=rtpmap:96 AMR/8000';
const H264 = 'audio 0\nvideo 97\na=rtpmap:97 H264/90000';
const DTMF = 'a=rtpmap:101 telephone-event/8000';
/** Not for audio alone, so that `allow=` is no advice. */
const CODECS = ['allow=', 'absolute_codec_string'];

interface Expected {
  readonly cause: string;
  readonly says?: readonly string[];
  readonly not?: readonly string[];
  /** The whole advice for Asterisk; `none`. */
  readonly asterisk?: string;
  /** … and for FreeSWITCH. */
  readonly freeswitch?: string;
}
type Row = readonly [what: string, refusal: Written, expected: Expected];

const line = (settings: string): string => `pjsip.conf [carrier-a]: ${settings}`;
const dial = (settings: string): string =>
  `the dial string of sofia/gateway/carrier-a: {${settings}}`;

const ENCRYPTION: readonly Row[] = [
  [
    'a vendor’s Warning 308 to a plain offer',
    {
      status: '488 Encryption Levels Incompatible',
      offer: 'audio 0 8',
      warning: '308 Encryption Levels Incompatible',
    },
    {
      cause: 'profile',
      says: ['encryption'],
      not: CODECS,
      asterisk: line('media_encryption=sdes'),
      freeswitch: dial('rtp_secure_media=mandatory'),
    },
  ],
  [
    'the phrase alone',
    { status: '488 SRTP Required', offer: 'audio 0 8' },
    { cause: 'profile', says: ['encryption'], asterisk: line('media_encryption=sdes') },
  ],
  [
    'a Warning 399 in a carrier’s words',
    { offer: 'audio 0 8', warning: '399 secure media (crypto) is mandatory' },
    {
      cause: 'profile',
      says: ['encryption'],
      not: CODECS,
      asterisk: line('media_encryption=sdes'),
    },
  ],
  [
    'a Warning that encryption is not to be had: it is never advised',
    { offer: 'audio 0 8', warning: '399 SRTP is not supported' },
    { cause: 'profile', says: ['encryption'], asterisk: 'none', freeswitch: 'none' },
  ],
  [
    'Warning 306 to an encrypted offer',
    { offer: SDES, warning: '306 Attribute not understood' },
    {
      cause: 'profile',
      says: ['encryption', 'SDES'],
      not: CODECS,
      asterisk: line('media_encryption=no'),
      freeswitch: dial('rtp_secure_media=false'),
    },
  ],
  [
    'Warning 307 to an encrypted offer',
    { offer: SDES, warning: '307 Session description parameter not understood' },
    { cause: 'profile', asterisk: line('media_encryption=no') },
  ],
  [
    'Warning 370 that speaks of encryption',
    { offer: SDES, warning: '370 SRTP not available' },
    { cause: 'profile', not: ['bandwidth'], asterisk: line('media_encryption=no') },
  ],
  [
    'a bare 488 to an encrypted offer',
    { offer: SDES },
    { cause: 'not-said', says: ['encryption'], not: CODECS, asterisk: line('media_encryption=no') },
  ],
  [
    'a bare 488 to WebRTC',
    { offer: WEBRTC },
    {
      cause: 'not-said',
      says: ['encryption'],
      not: CODECS,
      asterisk: line('webrtc=no, ice_support=no, use_avpf=no, media_encryption=no'),
      freeswitch: dial('media_webrtc=false,rtp_secure_media=false'),
    },
  ],
  [
    'suites that differ',
    { offer: SDES, refusal: SDES.replace('_80', '_32') },
    {
      cause: 'keying',
      says: ['encryption', 'AES_CM_128_HMAC_SHA1_32'],
      not: ['media_encryption', ...CODECS],
      asterisk: line('srtp_tag_32=yes'),
      freeswitch: dial('rtp_secure_media=mandatory:AES_CM_128_HMAC_SHA1_32'),
    },
  ],
  [
    'a suite that Asterisk does not have',
    { offer: SDES, refusal: SDES.replace('AES_CM_128', 'AES_256_CM') },
    {
      cause: 'keying',
      asterisk: 'Asterisk offers AES_CM_128_HMAC_SHA1_80 or _32 only (srtp_tag_32)',
      freeswitch: dial('rtp_secure_media=mandatory:AES_CM_256_HMAC_SHA1_80'),
    },
  ],
  [
    'one suite in two spellings',
    {
      offer: SDES.replace('AES_CM_128', 'AES_CM_256'),
      refusal: SDES.replace('AES_CM_128', 'AES_256_CM'),
    },
    { cause: 'nothing-differs', asterisk: 'none' },
  ],
];

const PROFILES: readonly Row[] = [
  [
    'AVPF offered, AVP wanted',
    { offer: 'm=audio 4000 RTP/AVPF 0 8', refusal: 'audio 0 8' },
    {
      cause: 'profile',
      not: ['media_encryption', ...CODECS],
      asterisk: line('use_avpf=no'),
      freeswitch: dial('media_webrtc=false'),
    },
  ],
  [
    'AVP offered, AVPF wanted',
    { offer: 'audio 0 8', refusal: 'm=audio 4000 RTP/AVPF 0 8' },
    {
      cause: 'profile',
      not: ['media_encryption'],
      asterisk: line('use_avpf=yes'),
      freeswitch: 'FreeSWITCH offers AVPF with WebRTC only (media_webrtc=true)',
    },
  ],
  [
    'SAVPF offered, SAVP wanted, both with SDES',
    { offer: SDES.replace('SAVP', 'SAVPF'), refusal: SDES },
    { cause: 'profile', asterisk: line('use_avpf=no') },
  ],
  [
    'SDES offered, DTLS wanted',
    { offer: SDES, refusal: DTLS },
    {
      cause: 'profile',
      says: ['DTLS'],
      asterisk: line('media_encryption=dtls, dtls_auto_generate_cert=yes'),
      freeswitch:
        'FreeSWITCH offers DTLS as RTP/AVP with a fingerprint (rtp_use_dtls=true) or with WebRTC (media_webrtc=true), never as UDP/TLS/RTP/SAVP',
    },
  ],
  [
    'DTLS offered, SDES wanted',
    { offer: DTLS, refusal: SDES },
    {
      cause: 'profile',
      asterisk: line('media_encryption=sdes'),
      freeswitch: dial('rtp_secure_media=mandatory'),
    },
  ],
  [
    'keys beside plain AVP, SAVP wanted',
    { offer: SDES.replace('SAVP', 'AVP'), refusal: SDES },
    {
      cause: 'profile',
      asterisk: line('media_encryption_optimistic=no'),
      freeswitch: dial('rtp_secure_media=mandatory'),
    },
  ],
  [
    'SAVPF with a fingerprint, which is UDP/TLS/RTP/SAVPF in its older spelling',
    { offer: WEBRTC, refusal: WEBRTC.replace('UDP/TLS/RTP/SAVPF', 'RTP/SAVPF') },
    {
      cause: 'profile-spelling',
      says: ['one profile in two spellings'],
      not: ['media_encryption', 'use_avpf', 'webrtc=', ...CODECS],
      asterisk: line('force_avp=yes'),
      freeswitch: 'no setting of FreeSWITCH makes it offer RTP/SAVPF',
    },
  ],
  [
    'the same the other way round',
    { offer: DTLS.replace('UDP/TLS/', ''), refusal: DTLS },
    { cause: 'profile-spelling', asterisk: line('force_avp=no') },
  ],
  [
    'one profile in capitals and small letters',
    { offer: 'audio 0 8', refusal: 'm=audio 4000 rtp/avp 0 8' },
    { cause: 'nothing-differs', asterisk: 'none' },
  ],
  [
    'fingerprints of other hashes',
    { offer: DTLS, refusal: DTLS.replace('sha-256', 'sha-1') },
    {
      cause: 'keying',
      asterisk: line('dtls_fingerprint=SHA-1'),
      freeswitch: 'FreeSWITCH has no setting for the hash of its DTLS fingerprint',
    },
  ],
  [
    'both sides active in the handshake',
    {
      offer: DTLS.replace('actpass', 'active'),
      refusal: DTLS.replace('actpass', 'active'),
    },
    { cause: 'keying', says: ['active'], asterisk: line('dtls_setup=actpass') },
  ],
];

const WEBRTC_PEERS: readonly Row[] = [
  [
    'WebRTC wanted, plain RTP offered',
    { offer: 'audio 0 8', refusal: WEBRTC },
    {
      cause: 'webrtc',
      not: ['media_encryption', 'use_avpf', 'ice_support', ...CODECS],
      asterisk: line('webrtc=yes'),
      freeswitch: dial('media_webrtc=true'),
    },
  ],
  [
    'WebRTC wanted, SDES offered',
    { offer: SDES, refusal: WEBRTC },
    { cause: 'webrtc', not: ['media_encryption'], asterisk: line('webrtc=yes') },
  ],
  [
    'WebRTC in its older spelling wanted',
    { offer: 'audio 0 8', refusal: WEBRTC.replace('UDP/TLS/RTP/SAVPF', 'RTP/SAVPF') },
    { cause: 'webrtc', asterisk: line('webrtc=yes') },
  ],
  [
    'DTLS without ICE offered to a peer of WebRTC',
    { offer: DTLS, refusal: WEBRTC },
    { cause: 'webrtc', not: ['use_avpf'], asterisk: line('webrtc=yes') },
  ],
  [
    'DTLS with feedback, from a peer without ICE: feedback alone is missing',
    {
      offer: DTLS,
      refusal: 'm=audio 4000 UDP/TLS/RTP/SAVPF 0 8\na=fingerprint:sha-256 AA:BB\na=setup:active',
    },
    { cause: 'profile', not: ['webrtc=yes'], asterisk: line('use_avpf=yes') },
  ],
  [
    'a Warning that asks for WebRTC',
    { offer: 'audio 0 8', warning: '399 DTLS fingerprint required' },
    { cause: 'webrtc', asterisk: line('webrtc=yes') },
  ],
  [
    'WebRTC offered, plain RTP wanted',
    { offer: WEBRTC, refusal: 'audio 0 8' },
    {
      cause: 'webrtc',
      asterisk: line('webrtc=no, ice_support=no, use_avpf=no, media_encryption=no'),
      freeswitch: dial('media_webrtc=false,rtp_secure_media=false'),
    },
  ],
  [
    'WebRTC offered, SDES wanted',
    { offer: WEBRTC, refusal: SDES },
    {
      cause: 'webrtc',
      asterisk: line('webrtc=no, ice_support=no, use_avpf=no, media_encryption=sdes'),
    },
  ],
];

const STREAMS: readonly Row[] = [
  [
    'T.38 beside audio, refused by port 0',
    { offer: 'audio 0 8\nfax', refusal: 'audio 0 8\nm=image 0 udptl t38' },
    {
      cause: 'media-type',
      says: ['t38'],
      not: ['nothing else beside', ...CODECS],
      asterisk: line('t38_udptl=no'),
      freeswitch: dial('fax_enable_t38=false,refuse_t38=true'),
    },
  ],
  [
    'T.38 beside audio, left out',
    { offer: 'audio 0 8\nfax', refusal: 'audio 0 8' },
    { cause: 'media-type', says: ['t38'], asterisk: line('t38_udptl=no') },
  ],
  [
    'T.38 offered alone where audio is wanted',
    { offer: 'fax', refusal: 'audio 0 8' },
    { cause: 'media-type', says: ['t38', 'audio'], asterisk: 'none' },
  ],
  [
    'audio alone where T.38 is wanted',
    { offer: 'audio 0 8', refusal: 'fax' },
    { cause: 'media-type', says: ['t38', 'audio'], not: CODECS, asterisk: 'none' },
  ],
  [
    'video, refused by port 0',
    { offer: H264, refusal: 'audio 0\nm=video 0 RTP/AVP 97' },
    {
      cause: 'media-type',
      says: ['video'],
      asterisk: line('allow=!all,ulaw'),
      freeswitch: dial("absolute_codec_string='PCMU'"),
    },
  ],
  [
    'video first, and refused: the order does not matter',
    { offer: 'video 31\naudio 0', refusal: 'audio 0\nm=video 0 RTP/AVP 31' },
    { cause: 'media-type', says: ['video'] },
  ],
  [
    'streams in another order, all taken',
    {
      offer: 'audio 0\nvideo 97\na=rtpmap:97 H264/90000',
      refusal: 'video 97\na=rtpmap:97 H264/90000\naudio 0',
    },
    { cause: 'nothing-differs', asterisk: 'none' },
  ],
  [
    'capabilities, where every port is 0',
    { offer: 'audio 0 8\nfax', refusal: 'm=audio 0 RTP/AVP 0 8\nm=image 0 udptl t38' },
    { cause: 'nothing-differs', not: ['t38_udptl'] },
  ],
  [
    'text (T.140) left out',
    { offer: 'audio 0\nm=text 4004 RTP/AVP 98\na=rtpmap:98 t140/1000', refusal: 'audio 0' },
    {
      cause: 'media-type',
      says: ['text'],
      asterisk: line('allow=!all,ulaw'),
      freeswitch: dial('rtp_enable_text=false'),
    },
  ],
  [
    'MSRP left out',
    { offer: 'audio 0\nm=message 4006 TCP/MSRP *', refusal: 'audio 0' },
    { cause: 'media-type', says: ['message'], freeswitch: dial('sip_enable_msrp=false') },
  ],
  [
    'bundled video, left out',
    {
      offer: `a=group:BUNDLE 0 1
        audio 0
        a=mid:0
        m=video 0 RTP/AVP 97
        a=rtpmap:97 H264/90000
        a=mid:1
        a=bundle-only`,
      refusal: 'audio 0\nm=video 0 RTP/AVP 97',
    },
    { cause: 'media-type', says: ['video', 'BUNDLE'] },
  ],
  [
    'a stream that we have switched off ourselves: no longer advised',
    { offer: 'audio 0 8\nm=video 0 RTP/AVP 31', refusal: 'audio 0 8' },
    { cause: 'nothing-differs', not: ['pjsip.conf'] },
  ],
  [
    'bundled streams to a side that does not bundle',
    {
      offer: 'a=group:BUNDLE 0 1\naudio 0\na=mid:0\nvideo 31\na=mid:1',
      refusal: 'audio 0\nvideo 31',
    },
    { cause: 'bundle', asterisk: line('bundle=no') },
  ],
  [
    'Warning 304 to audio and video',
    { offer: H264, warning: '304 Media type not available' },
    { cause: 'media-type', says: ['video'], not: ['H264,'] },
  ],
  [
    'Warning 304 to audio alone',
    { offer: 'audio 0 8', warning: '304 Media type not available' },
    { cause: 'media-type', says: ['audio alone'], asterisk: 'none' },
  ],
  [
    'a Warning about fax',
    { offer: 'audio 0 8\nfax', warning: '399 T.38 not supported' },
    { cause: 'media-type', says: ['t38'], asterisk: line('t38_udptl=no') },
  ],
];

const FORMATS: readonly Row[] = [
  [
    'G.729 with and without Annex B',
    { offer: `${G729}\na=fmtp:18 annexb=yes`, refusal: `${G729}\na=fmtp:18 annexb=no` },
    {
      cause: 'format-parameters',
      says: ['annexb=yes', 'annexb=no'],
      not: ['nothing else beside', 'allow='],
      asterisk: 'Asterisk has no setting for annexb of G.729: it always offers annexb=no',
      freeswitch: dial("absolute_codec_string='G729~annexb=no'"),
    },
  ],
  [
    'Annex B by default, because the offer does not mention it (RFC 4856)',
    { offer: G729, refusal: `${G729}\na=fmtp:18 annexb=no` },
    { cause: 'format-parameters', says: ['annexb=yes (by default)'] },
  ],
  [
    'Annex B on both sides, said or by default',
    { offer: G729, refusal: `${G729}\na=fmtp:18 annexb=yes` },
    { cause: 'nothing-differs', not: ['annexb'] },
  ],
  [
    'Annex B, and another codec that fits: that one alone is offered',
    {
      offer: 'audio 18 8\na=fmtp:18 annexb=yes',
      refusal: 'audio 18 8\na=fmtp:18 annexb=no',
    },
    {
      cause: 'format-parameters',
      says: ['without that codec: pjsip.conf [carrier-a]: allow=!all,alaw'],
    },
  ],
  [
    'AMR, octet-aligned or not',
    { offer: AMR, refusal: `${AMR}\na=fmtp:96 octet-align=1` },
    {
      cause: 'format-parameters',
      says: ['octet-align=0 (by default)', 'octet-align=1'],
      asterisk: 'Asterisk has no setting for octet-align of AMR',
      freeswitch: dial("absolute_codec_string='AMR~octet-align=1'"),
    },
  ],
  [
    'AMR with other modes',
    { offer: `${AMR}\na=fmtp:96 mode-set=0,2,4`, refusal: `${AMR}\na=fmtp:96 mode-set=7` },
    { cause: 'format-parameters', says: ['mode-set=7'] },
  ],
  [
    'AMR with the same modes in another order',
    { offer: `${AMR}\na=fmtp:96 mode-set=0,2,4`, refusal: `${AMR}\na=fmtp:96 mode-set=4,2,0` },
    { cause: 'nothing-differs' },
  ],
  [
    'AMR offered both ways: one of them fits',
    {
      offer: 'audio 96 97\na=rtpmap:96 AMR/8000\na=rtpmap:97 AMR/8000\na=fmtp:97 octet-align=1',
      refusal: `${AMR}\na=fmtp:96 octet-align=1`,
    },
    { cause: 'nothing-differs', not: ['octet-align'] },
  ],
  [
    'iLBC with frames of another length',
    {
      offer: 'audio 97\na=rtpmap:97 iLBC/8000\na=fmtp:97 mode=20',
      refusal: 'audio 97\na=rtpmap:97 iLBC/8000',
    },
    { cause: 'format-parameters', says: ['mode=20', 'mode=30 (by default)'] },
  ],
  [
    'G.722.1 with another bit rate',
    {
      offer: 'audio 98\na=rtpmap:98 G7221/16000\na=fmtp:98 bitrate=32000',
      refusal: 'audio 98\na=rtpmap:98 G7221/16000\na=fmtp:98 bitrate=24000',
    },
    { cause: 'format-parameters', says: ['bitrate=24000'] },
  ],
  [
    'H.264 with another packetization mode',
    {
      offer: `${H264}\na=fmtp:97 packetization-mode=1;profile-level-id=42801f`,
      refusal: `${H264}\na=fmtp:97 packetization-mode=0;profile-level-id=42801f`,
    },
    {
      cause: 'format-parameters',
      says: ['video:', 'packetization-mode=1', 'packetization-mode=0'],
      not: ['profile-level-id'],
    },
  ],
  [
    'H.264 with another profile',
    {
      offer: `${H264}\na=fmtp:97 profile-level-id=42801f`,
      refusal: `${H264}\na=fmtp:97 profile-level-id=640028`,
    },
    { cause: 'format-parameters', says: ['profile-level-id=640028'] },
  ],
  [
    'opus in stereo',
    {
      offer: 'audio 111\na=rtpmap:111 opus/48000/2',
      refusal: 'audio 111\na=rtpmap:111 opus/48000/2\na=fmtp:111 stereo=1',
    },
    { cause: 'format-parameters', says: ['stereo=1'] },
  ],
  [
    'opus with another average bit rate, which codecs.conf sets',
    {
      offer: 'audio 111\na=rtpmap:111 opus/48000/2\na=fmtp:111 maxaveragebitrate=64000',
      refusal: 'audio 111\na=rtpmap:111 opus/48000/2\na=fmtp:111 maxaveragebitrate=20000',
    },
    { cause: 'format-parameters', asterisk: 'codecs.conf [opus]: type=opus, bitrate=20000' },
  ],
  [
    'one name with another clock rate',
    {
      offer: 'audio 96\na=rtpmap:96 speex/8000',
      refusal: 'audio 96\na=rtpmap:96 speex/16000',
    },
    {
      cause: 'no-common-codec',
      says: ['clock rate'],
      asterisk: line('allow=!all,speex16'),
      freeswitch: dial("absolute_codec_string='speex@16000h'"),
    },
  ],
  [
    'telephone-event missing',
    { offer: 'audio 0', refusal: `audio 0 101\n${DTMF}` },
    {
      cause: 'telephone-event',
      asterisk: line('dtmf_mode=rfc4733'),
      freeswitch:
        'the sofia profile of gateway carrier-a: <param name="dtmf-type" value="rfc2833"/>',
    },
  ],
  [
    'telephone-event at another clock rate',
    {
      offer: `audio 0 101\n${DTMF}`,
      refusal: 'audio 0 110\na=rtpmap:110 telephone-event/48000',
    },
    { cause: 'telephone-event', says: ['48000'], not: ['dtmf_mode'] },
  ],
  [
    'shorter packets',
    { offer: 'audio 0 8', refusal: 'audio 0 8\na=ptime:10' },
    { cause: 'ptime', asterisk: line('allow=!all,ulaw:10,alaw:10 and use_ptime=yes') },
  ],
  [
    'longer packets, which Asterisk offers to some callers only',
    { offer: 'audio 0 8', refusal: 'audio 0 8\na=ptime:30' },
    {
      cause: 'ptime',
      asterisk: line(
        "allow=!all,ulaw:30,alaw:30 and use_ptime=yes, but Asterisk offers no packets that are longer than the caller's: it helps callers who send 30 ms",
      ),
      freeswitch: dial("absolute_codec_string='PCMU@30i,PCMA@30i'"),
    },
  ],
  [
    'packets of another length of another codec: one line',
    { offer: 'audio 0', refusal: 'audio 8\na=ptime:10' },
    { cause: 'no-common-codec', asterisk: line('allow=!all,alaw:10 and use_ptime=yes') },
  ],
  [
    'the same codec of video, by its payload type alone',
    { offer: 'audio 0\nvideo 31', refusal: 'audio 0\nvideo 31' },
    { cause: 'nothing-differs', not: ['allow='] },
  ],
  [
    'another codec of video: audio stays in the list',
    {
      offer: 'audio 0\nvideo 98\na=rtpmap:98 VP8/90000',
      refusal: 'audio 0\nvideo 97\na=rtpmap:97 H264/90000',
    },
    {
      cause: 'no-common-codec',
      says: ['video: no codec in common'],
      asterisk: line('allow=!all,ulaw,h264'),
    },
  ],
];

const ADDRESSES: readonly Row[] = [
  [
    'IPv6 offered, Warning 300',
    { offer: 'audio 0 8', from: '2001:db8::9', warning: '300 Incompatible network protocol' },
    {
      cause: 'ip-version',
      says: ['IPv6'],
      not: CODECS,
      asterisk: line('rtp_ipv6=no, media_address=<your public IPv4 address>'),
      freeswitch:
        'the sofia profile of gateway carrier-a: <param name="rtp-ip" value="your IPv4 address"/>',
    },
  ],
  [
    'IPv6 offered, Warning 301',
    {
      offer: 'audio 0 8',
      from: '2001:db8::9',
      warning: '301 Incompatible network address formats',
    },
    { cause: 'ip-version', says: ['IPv6'], not: ['external_media_address', ...CODECS] },
  ],
  [
    'IPv6 offered, IPv4 in the refusal',
    { offer: 'audio 0 8', from: '2001:db8::9', refusal: 'audio 0 8' },
    { cause: 'ip-version', says: ['IPv6', 'IPv4'], not: CODECS },
  ],
  [
    'IPv4 offered, IPv6 in the refusal',
    { offer: 'audio 0 8', refusal: 'audio 0 8', to: '2001:db8::9' },
    {
      cause: 'ip-version',
      asterisk: line('rtp_ipv6=yes, media_address=<your public IPv6 address>'),
    },
  ],
  [
    'IPv6 offered, and nothing said',
    { offer: 'audio 0 8', from: '2001:db8::9' },
    { cause: 'not-said', says: ['IPv6'], not: CODECS },
  ],
  [
    'a private address, by phrase',
    { status: '488 Private IP Address', offer: 'audio 0', from: '10.1.2.3' },
    { cause: 'private-address', says: ['10.1.2.3', 'external_media_address'] },
  ],
  [
    'a private address, by Warning 301',
    { offer: 'audio 0', from: '192.168.1.5', warning: '301 Incompatible network address formats' },
    { cause: 'private-address', says: ['192.168.1.5', 'external_media_address'] },
  ],
  [
    'a private address, and nothing said',
    { offer: 'audio 0', from: '172.16.0.5' },
    { cause: 'not-said', says: ['172.16.0.5', 'external_media_address'], not: CODECS },
  ],
  [
    'a public address refused: it is public already',
    { status: '488 Private IP Address', offer: 'audio 0' },
    { cause: 'private-address', says: ['203.0.113.9'], asterisk: 'none', freeswitch: 'none' },
  ],
  [
    '0.0.0.0, which is no address',
    { offer: 'audio 0', from: '0.0.0.0', refusal: 'audio 0' },
    { cause: 'media-address', says: ['0.0.0.0', 'external_media_address'], not: CODECS },
  ],
  [
    'Warning 330',
    { offer: 'audio 0', from: '239.1.2.3', warning: '330 Multicast not available' },
    { cause: 'media-address', says: ['239.1.2.3'] },
  ],
  [
    'ICE where the other side has none',
    { offer: 'audio 0 8\na=ice-ufrag:x', refusal: 'audio 0 8' },
    {
      cause: 'ice',
      says: ['ICE'],
      not: CODECS,
      asterisk: line('ice_support=no'),
      freeswitch: dial('media_webrtc=false,add_ice_candidates=false'),
    },
  ],
  [
    'ICE wanted, none offered',
    { offer: 'audio 0 8', refusal: 'audio 0 8\na=ice-ufrag:x' },
    { cause: 'ice', asterisk: line('ice_support=yes') },
  ],
];

const IN_FORCE: readonly Row[] = [
  [
    'the refusal repeats the list that was offered',
    { offer: 'audio 0 8', refusal: 'audio 0 8' },
    {
      cause: 'nothing-differs',
      says: ['nothing differs', 'no telephone-event'],
      not: ['nothing else beside', ...CODECS],
      asterisk: 'none',
      freeswitch: 'none',
    },
  ],
  [
    'T.38 alone on both sides',
    { offer: 'fax', refusal: 'fax' },
    { cause: 'nothing-differs', says: ['the streams that we offered'], asterisk: 'none' },
  ],
  [
    'the same list in another order',
    { offer: 'audio 0 8', refusal: 'audio 8 0' },
    { cause: 'nothing-differs', says: ['another order'], not: CODECS },
  ],
  [
    'a longer list, with all that was offered',
    { offer: 'audio 0 8', refusal: 'audio 0 8 18 3' },
    { cause: 'nothing-differs', not: ['nothing else beside', ...CODECS] },
  ],
  [
    'the same again from a private address: that is conspicuous',
    { offer: 'audio 0 8', refusal: 'audio 0 8', from: '10.0.0.1' },
    { cause: 'nothing-differs', says: ['10.0.0.1', 'external_media_address'], not: CODECS },
  ],
  [
    'nothing conspicuous at all',
    { offer: `audio 0 101\n${DTMF}`, refusal: `audio 0 101\n${DTMF}` },
    { cause: 'nothing-differs', says: ['nothing is conspicuous'], asterisk: 'none' },
  ],
  [
    'nothing said: the list that is configured is no advice',
    { offer: 'audio 0 8' },
    { cause: 'not-said', not: CODECS, asterisk: 'none', freeswitch: 'none' },
  ],
  [
    'one codec too many: the shorter list is new',
    { offer: 'audio 0 8', refusal: 'audio 8' },
    { cause: 'offer-too-wide', asterisk: line('allow=!all,alaw') },
  ],
  [
    'encryption wanted and offered',
    { offer: SDES, warning: '399 SRTP required' },
    { cause: 'profile', not: ['media_encryption'], says: ['encryption'] },
  ],
];

const NEGATIONS: readonly Row[] = [
  [
    'G.729 is not licensed',
    { offer: 'audio 0 8', warning: '399 G.729 is not licensed' },
    { cause: 'not-said', not: ['g729', 'G729', 'takes G729'], asterisk: 'none' },
  ],
  ...[
    'no G729',
    'G729 unsupported',
    'G.729: not available',
    'codec (G729) rejected',
    'no license for G729',
    'calls without G729 please',
    'neither G729 nor GSM',
    'please do not offer G729',
    'never use G729',
    'G729, GSM not supported',
    'anything except G729',
    'G729 licences exhausted',
  ].map((text): Row => [
    text,
    { offer: 'audio 0 8', warning: `399 ${text}` },
    { cause: 'not-said', not: ['g729', 'G729', 'gsm'] },
  ]),
  [
    'a refused codec that the body lists all the same',
    { offer: 'audio 0', refusal: 'audio 18 8', warning: '399 G.729 is not licensed' },
    { cause: 'no-common-codec', not: ['g729', 'G729'], asterisk: line('allow=!all,alaw') },
  ],
  [
    'a codec that we offered, refused by name',
    { offer: 'audio 18 8', warning: '305 G.729 not supported' },
    { cause: 'codec-refused', asterisk: line('allow=!all,alaw') },
  ],
  ...(
    [
      ['only G.729 is supported', 'G729'],
      ['PCMU not supported, use GSM', 'GSM'],
      ['GSM required, not G729', 'GSM'],
      ['not acceptable: GSM only', 'GSM'],
      ['nothing but GSM', 'GSM'],
    ] as const
  ).map(([text, wanted]): Row => [
    `${text}: a wish`,
    { offer: 'audio 8', warning: `399 ${text}` },
    { cause: 'no-common-codec', says: [`takes ${wanted}`] },
  ]),
  [
    'a wish in the phrase',
    { status: '488 GSM required', offer: 'audio 0 8' },
    { cause: 'no-common-codec', says: ['takes GSM'], asterisk: line('allow=!all,gsm') },
  ],
  [
    'not enough bandwidth',
    { offer: H264, warning: '370 Insufficient bandwidth' },
    { cause: 'bandwidth', says: ['allow=!all,ulaw'] },
  ],
  [
    'an attribute that is not understood',
    { offer: 'audio 0\na=ice-ufrag:x', warning: '306 Attribute not understood' },
    { cause: 'attribute', asterisk: line('ice_support=no') },
  ],
];

describe.each([
  ['encryption refused or wanted', ENCRYPTION],
  ['profiles and keys', PROFILES],
  ['peers of WebRTC', WEBRTC_PEERS],
  ['streams', STREAMS],
  ['format parameters, clock rates and packets', FORMATS],
  ['addresses and ICE', ADDRESSES],
  ['what is in force already', IN_FORCE],
  ['Warnings and phrases', NEGATIONS],
])('%s', (_kind, rows) => {
  it.each(rows)('%s', (_what, refusal, { cause, says = [], not = [], asterisk, freeswitch }) => {
    const told = storyOf(refusal);
    expect(told.differences[0]).toMatchObject({ cause });
    expect(told.cause).toBe(cause);
    const text = `${told.why} | ${told.configuration ?? ''}`;
    for (const words of says) expect(text).toContain(words);
    for (const words of not) expect(textOf(told)).not.toContain(words);
    if (asterisk !== undefined) expect(told.configuration ?? 'none').toBe(asterisk);
    if (freeswitch !== undefined)
      expect(storyOf(refusal, 'freeswitch').configuration ?? 'none').toBe(freeswitch);
  });
});
