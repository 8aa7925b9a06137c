import type { Advice, ConfigurationDialect } from '../../../src/codecs/dialect';
import { codecKey } from '../../../src/codecs/registry';
import type { Remedy } from '../../../src/codecs/remedy';
import type { Codec } from '../../../src/model/media';
import { codecString } from './codecs';

type Of<Kind extends Remedy['kind']> = Extract<Remedy, { readonly kind: Kind }>;

/**
 * Hints for FreeSWITCH's configuration. `gatewayOf` returns a trunk's sofia gateway, `translated` the codecs
 * that this FreeSWITCH can translate, empty if they are not known.
 */
export function freeswitchDialect(
  gatewayOf: (trunk: string) => string,
  translated: () => readonly Codec[] = () => [],
): ConfigurationDialect {
  return {
    advise: (trunk, remedy) => adviseOn(gatewayOf(trunk), remedy, translated),
    mirror: () => 'set capture-server in sofia.conf.xml and CRANKBACK_HEP_PORT (docs/hep.md)',
  };
}

function adviseOn(gateway: string, remedy: Remedy, translated: () => readonly Codec[]): Advice {
  const dial = (setting: string): Advice => ({
    line: `the dial string of sofia/gateway/${gateway}: {${setting}}`,
  });
  const profile = (name: string, value: string): Advice => ({
    line: `the sofia profile of gateway ${gateway}: <param name="${name}" value="${value}"/>`,
  });
  switch (remedy.kind) {
    case 'codecs':
      return codecs(remedy, translated(), dial);
    case 'encryption':
      return remedy.wanted === 'dtls' ? DTLS : dial(encryption(remedy.wanted));
    case 'strict-encryption':
      return dial(`rtp_secure_media=${remedy.strict ? 'mandatory' : 'optional'}`);
    case 'feedback':
      return remedy.on
        ? { cannot: 'FreeSWITCH offers AVPF with WebRTC only (media_webrtc=true)' }
        : dial('media_webrtc=false');
    case 'webrtc-on':
      return dial('media_webrtc=true');
    case 'webrtc-off':
      return remedy.encryption === 'dtls'
        ? DTLS
        : dial(`media_webrtc=false,${encryption(remedy.encryption)}`);
    case 'short-profile':
      return {
        cannot: `no setting of FreeSWITCH makes it offer ${remedy.short ? 'RTP/SAVPF' : 'UDP/TLS/RTP/SAVPF'}`,
      };
    case 'suites': {
      const suites = remedy.suites.map(suiteName).filter((suite) => suite !== undefined);
      return suites.length === 0
        ? { cannot: 'FreeSWITCH has none of these suites (rtp_secure_media_suites)' }
        : dial(`rtp_secure_media=mandatory:${suites.join(':')}`);
    }
    case 'fingerprint':
      return { cannot: 'FreeSWITCH has no setting for the hash of its DTLS fingerprint' };
    case 'either-dtls-role':
      return { cannot: 'FreeSWITCH has no setting for its DTLS role' };
    case 'without-streams':
      return withoutStreams(remedy, translated(), dial);
    case 'bundle':
      return { cannot: 'FreeSWITCH has no setting for BUNDLE' };
    case 'ice':
      return dial(
        remedy.on ? 'add_ice_candidates=true' : 'media_webrtc=false,add_ice_candidates=false',
      );
    case 'format-parameters':
      return formatParameters(remedy, dial);
    case 'telephone-event':
      return profile('dtmf-type', 'rfc2833');
    case 'public-address':
      return profile('ext-rtp-ip', 'your public address');
    case 'ip-version':
      return profile('rtp-ip', `your IPv${remedy.version} address`);
    case 'without-body':
      return {
        line: `the dialplan before gateway ${gateway}: no sip_multipart with ${remedy.types.map(safe).join(', ')}`,
      };
  }
}

/** As seen on 1.11.1: whatever rtp_secure_media says, rtp_use_dtls leaves the profile RTP/AVP. */
const DTLS: Advice = {
  cannot:
    'FreeSWITCH offers DTLS as RTP/AVP with a fingerprint (rtp_use_dtls=true) or with WebRTC (media_webrtc=true), never as UDP/TLS/RTP/SAVP',
};

function encryption(wanted: Exclude<Of<'encryption'>['wanted'], 'dtls'>): string {
  return `rtp_secure_media=${wanted === 'none' ? 'false' : 'mandatory'}`;
}

/** Codecs that FreeSWITCH translates come alone where there are any; else the line says what is missing. */
function codecs(
  { codecs: wanted, ptime }: Of<'codecs'>,
  translated: readonly Codec[],
  dial: (setting: string) => Advice,
): Advice {
  const known = wanted.flatMap((codec) => {
    const text = codecString(codec, codec.clockRate === 90_000 ? undefined : ptime);
    return text === undefined ? [] : [{ codec, text }];
  });
  if (known.length === 0) return { cannot: 'FreeSWITCH has none of these codecs' };
  const keys = new Set(translated.map(codecKey));
  const spoken = known.filter(
    ({ codec }) => keys.has(codecKey(codec)) || codec.clockRate === 90_000,
  );
  const chosen = spoken.some(({ codec }) => codec.clockRate !== 90_000) ? spoken : known;
  const advice = dial(`absolute_codec_string='${chosen.map(({ text }) => text).join(',')}'`);
  if (translated.length === 0 || chosen === spoken || !('line' in advice)) return advice;
  const names = known.map(({ text }) => text).join(', ');
  return {
    line: `${advice.line}, but this FreeSWITCH has no module that translates ${names}: without one it works only for callers who speak it too`,
  };
}

/** RFC 6188's names as FreeSWITCH has them; undefined for a suite that it lacks. */
function suiteName(suite: string): string | undefined {
  const name = suite.toUpperCase().replace(/^AES_(192|256)_CM_/, 'AES_CM_$1_');
  return SUITES.has(name) ? name : undefined;
}

const SUITES = new Set([
  'AEAD_AES_256_GCM_8',
  'AEAD_AES_128_GCM_8',
  'AES_CM_256_HMAC_SHA1_80',
  'AES_CM_192_HMAC_SHA1_80',
  'AES_CM_128_HMAC_SHA1_80',
  'AES_CM_256_HMAC_SHA1_32',
  'AES_CM_192_HMAC_SHA1_32',
  'AES_CM_128_HMAC_SHA1_32',
]);

function withoutStreams(
  { types, keeps }: Of<'without-streams'>,
  translated: readonly Codec[],
  dial: (setting: string) => Advice,
): Advice {
  if (types.includes('video'))
    return keeps
      ? codecs({ kind: 'codecs', codecs: keeps }, translated, dial)
      : dial('absolute_codec_string without video codecs');
  if (types.includes('image')) return dial('fax_enable_t38=false,refuse_t38=true');
  if (types.includes('text')) return dial('rtp_enable_text=false');
  if (types.includes('message')) return dial('sip_enable_msrp=false');
  if (types.includes('audio')) return dial('sdp_m_per_ptime=false');
  return { cannot: `FreeSWITCH has no setting for ${types.map(safe).join(', ')} in its offer` };
}

function formatParameters(
  { codec, parameters }: Of<'format-parameters'>,
  dial: (setting: string) => Advice,
): Advice {
  const [name] = [codecString(codec)];
  const texts = parameters.map((parameter) => `${parameter.name}=${parameter.value}`);
  // A comma would end the codec, and a separator or a quote the setting.
  if (name === undefined || !texts.every((text) => /^[a-z0-9-]{1,32}=[a-z0-9.-]{1,32}$/.test(text)))
    return {
      cannot: `no codec string of FreeSWITCH holds these parameters of ${safe(codec.name)}`,
    };
  const [plain, ...rest] = name.split('@');
  const string = [`${plain ?? name}~${texts.join(';')}`, ...rest].join('@');
  return dial(`absolute_codec_string='${string}'`);
}

function safe(text: string): string {
  return text.replace(/[^\w.+/-]/g, '?').slice(0, 64);
}
