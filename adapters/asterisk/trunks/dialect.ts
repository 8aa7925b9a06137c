import type { Advice, ConfigurationDialect } from '../../../src/codecs/dialect';
import type { Remedy } from '../../../src/codecs/remedy';
import type { FormatParameter } from '../../../src/model/media';
import { codecAdvice } from './codec-advice';
import type { KnownFormats } from './codec-advice';

type Of<Kind extends Remedy['kind']> = Extract<Remedy, { readonly kind: Kind }>;

/**
 * Hints for Asterisk's configuration. `endpointOf` returns a trunk's PJSIP endpoint, `translated` the codecs
 * that this Asterisk can translate, empty if they are not known.
 */
export function asteriskDialect(
  endpointOf: (trunk: string) => string,
  translated: KnownFormats = () => [],
): ConfigurationDialect {
  return {
    advise: (trunk, remedy) => adviseOn(endpointOf(trunk), remedy, translated),
    mirror: () => 'load res_hep_pjsip and set CRANKBACK_HEP_PORT (docs/hep.md)',
  };
}

function adviseOn(endpoint: string, remedy: Remedy, translated: KnownFormats): Advice {
  const set = (settings: string): Advice => ({ line: `pjsip.conf [${endpoint}]: ${settings}` });
  switch (remedy.kind) {
    case 'codecs':
      return codecAdvice(endpoint, remedy, translated);
    case 'encryption':
      return set(encryption(remedy.wanted));
    case 'strict-encryption':
      return set(`media_encryption_optimistic=${remedy.strict ? 'no' : 'yes'}`);
    case 'feedback':
      return set(`use_avpf=${yes(remedy.on)}`);
    case 'webrtc-on':
      return set('webrtc=yes');
    case 'webrtc-off': {
      const wanted = remedy.encryption === 'none' ? 'no' : remedy.encryption;
      return set(
        `webrtc=no, ice_support=no, use_avpf=${yes(remedy.feedback)}, media_encryption=${wanted}`,
      );
    }
    case 'short-profile':
      return set(`force_avp=${yes(remedy.short)}`);
    case 'suites':
      return suites(remedy, set);
    case 'fingerprint':
      return /^sha-(?:1|256)$/.test(remedy.hash)
        ? set(`dtls_fingerprint=${remedy.hash.toUpperCase()}`)
        : { cannot: 'Asterisk has DTLS fingerprints of SHA-256 and SHA-1 only (dtls_fingerprint)' };
    case 'either-dtls-role':
      return set('dtls_setup=actpass');
    case 'without-streams':
      return withoutStreams(endpoint, remedy, translated);
    case 'bundle':
      return set(`bundle=${yes(remedy.on)}`);
    case 'ice':
      return set(`ice_support=${yes(remedy.on)}`);
    case 'format-parameters':
      return formatParameters(remedy);
    case 'telephone-event':
      return set('dtmf_mode=rfc4733');
    case 'public-address':
      return {
        line: `pjsip.conf, the transport of [${endpoint}]: external_media_address=<your public address> and local_net=<each network inside>`,
      };
    case 'ip-version':
      return set(
        `rtp_ipv6=${yes(remedy.version === 6)}, media_address=<your public IPv${remedy.version} address>`,
      );
    case 'without-body':
      return withoutBody(remedy, set);
  }
}

/** DTLS takes a certificate; Asterisk refuses the endpoint without one. */
function encryption(wanted: Of<'encryption'>['wanted']): string {
  if (wanted === 'dtls') return 'media_encryption=dtls, dtls_auto_generate_cert=yes';
  return `media_encryption=${wanted === 'none' ? 'no' : wanted}`;
}

/** Asterisk offers one suite, with a tag of 80 or of 32 bits. */
function suites({ suites: wanted }: Of<'suites'>, set: (settings: string) => Advice): Advice {
  const has = (tag: number): boolean =>
    wanted.some((suite) => suite.toUpperCase() === `AES_CM_128_HMAC_SHA1_${tag}`);
  if (has(80)) return set('srtp_tag_32=no');
  if (has(32)) return set('srtp_tag_32=yes');
  return { cannot: 'Asterisk offers AES_CM_128_HMAC_SHA1_80 or _32 only (srtp_tag_32)' };
}

/**
 * Streams go with their codecs. As tried on 22.10.1, max_video_streams and max_audio_streams of the trunk change no
 * offer of an outbound call; those of the caller's endpoint count for what the caller offers.
 */
function withoutStreams(
  endpoint: string,
  { types, keeps }: Of<'without-streams'>,
  translated: KnownFormats,
): Advice {
  const lines: string[] = [];
  if (types.includes('audio')) lines.push(`pjsip.conf, the caller's endpoint: max_audio_streams=1`);
  if (types.includes('image')) lines.push(`pjsip.conf [${endpoint}]: t38_udptl=no`);
  const others = types.filter((type) => type !== 'image' && type !== 'audio');
  if (others.length > 0) {
    const allow = keeps && codecAdvice(endpoint, { kind: 'codecs', codecs: keeps }, translated);
    if (allow && 'line' in allow) lines.push(allow.line);
    else
      lines.push(
        `pjsip.conf [${endpoint}]: allow= without codecs of ${others.map(safe).join(', ')}`,
      );
  }
  return { line: lines.join('; ') };
}

/** The parameters of opus that codecs.conf overrides in the offer, with codec_opus. */
const OPUS: Readonly<Record<string, string>> = {
  maxplaybackrate: 'max_playback_rate',
  maxaveragebitrate: 'bitrate',
  cbr: 'cbr',
  useinbandfec: 'fec',
  usedtx: 'dtx',
};

function formatParameters({ codec, parameters }: Of<'format-parameters'>): Advice {
  const name = codec.name.toUpperCase();
  if (name === 'OPUS') {
    const settings = parameters.flatMap((parameter) => opusSetting(parameter) ?? []);
    if (settings.length === parameters.length && settings.length > 0)
      return { line: `codecs.conf [opus]: type=opus, ${settings.join(', ')}` };
  }
  const fixed = name === 'G729' ? ': it always offers annexb=no' : '';
  const named = parameters.map((parameter) => safe(parameter.name));
  return {
    cannot: `Asterisk has no setting for ${named.join(', ')} of ${name === 'G729' ? 'G.729' : safe(codec.name)}${fixed}`,
  };
}

function opusSetting({ name, value }: FormatParameter): string | undefined {
  const setting = Object.hasOwn(OPUS, name) ? OPUS[name] : undefined;
  return setting !== undefined && /^\d{1,6}$/.test(value) ? `${setting}=${value}` : undefined;
}

function withoutBody({ types }: Of<'without-body'>, set: (settings: string) => Advice): Advice {
  if (types.includes('application/pidf+xml')) return set('geoloc_outgoing_call_profile=<none>');
  return {
    cannot: `no setting of Asterisk adds ${types.map(safe).join(', ')} to an INVITE: look at what sends the call through it`,
  };
}

function safe(text: string): string {
  return text.replace(/[^\w.+/-]/g, '?').slice(0, 64);
}

function yes(on: boolean): 'yes' | 'no' {
  return on ? 'yes' : 'no';
}
