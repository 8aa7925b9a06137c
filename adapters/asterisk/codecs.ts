import type { ConfigurationDialect } from '../../src/codecs/mismatch';
import { codecKey } from '../../src/codecs/registry';
import type { Codec } from '../../src/model/media';

/** Asterisk's format names for what SDP calls by the registered ones (`core show codecs`). */
const FORMATS: readonly (readonly [string, Codec])[] = [
  ['ulaw', { name: 'PCMU', clockRate: 8000 }],
  ['alaw', { name: 'PCMA', clockRate: 8000 }],
  ['g729', { name: 'G729', clockRate: 8000 }],
  ['g722', { name: 'G722', clockRate: 8000 }],
  ['g723', { name: 'G723', clockRate: 8000 }],
  ['gsm', { name: 'GSM', clockRate: 8000 }],
  ['ilbc', { name: 'iLBC', clockRate: 8000 }],
  ['opus', { name: 'opus', clockRate: 48000, channels: 2 }],
  ['speex', { name: 'speex', clockRate: 8000 }],
  ['speex16', { name: 'speex', clockRate: 16000 }],
  ['speex32', { name: 'speex', clockRate: 32000 }],
  ['g726', { name: 'G726-32', clockRate: 8000 }],
  ['g726aal2', { name: 'AAL2-G726-32', clockRate: 8000 }],
  ['adpcm', { name: 'DVI4', clockRate: 8000 }],
  ['lpc10', { name: 'LPC', clockRate: 8000 }],
  ['slin', { name: 'L16', clockRate: 8000 }],
  ['slin16', { name: 'L16', clockRate: 16000 }],
  ['siren7', { name: 'G7221', clockRate: 16000 }],
  ['siren14', { name: 'G7221', clockRate: 32000 }],
  ['g719', { name: 'G719', clockRate: 48000 }],
];

const FORMAT_OF = new Map(FORMATS.map(([format, codec]) => [codecKey(codec), format]));
const CODEC_OF = new Map(FORMATS);

/**
 * Asterisk's name of a codec, safe in a dialplan value: it never comes from the wire. Undefined for
 * what Asterisk does not know.
 */
export function formatOf(codec: Codec): string | undefined {
  return FORMAT_OF.get(codecKey(codec));
}

/** The codec that Asterisk calls so (`ulaw`, also `alaw:20` as in `allow=`); undefined for others. */
export function codecOf(format: string): Codec | undefined {
  return CODEC_OF.get(format.trim().toLowerCase().replace(/:\d+$/, ''));
}

/** What to change in an Asterisk's configuration. `endpointOf`: a trunk's PJSIP endpoint. */
export function asteriskDialect(endpointOf: (trunk: string) => string): ConfigurationDialect {
  const line = (trunk: string, setting: string): string =>
    `pjsip.conf [${endpointOf(trunk)}]: ${setting}`;
  return {
    codecs: (trunk, codecs) => line(trunk, `allow=!all,${names(codecs).join(',')}`),
    encryption: (trunk, wanted) =>
      line(trunk, `media_encryption=${wanted === 'none' ? 'no' : wanted}`),
    ptime: (trunk, codecs, ptime) => {
      const framed = names(codecs).map((name) => `${name}:${ptime}`);
      return line(trunk, `allow=!all,${framed.join(',')} and use_ptime=yes`);
    },
    telephoneEvent: (trunk) => line(trunk, 'dtmf_mode=rfc4733'),
    mediaAddress: (trunk) =>
      `pjsip.conf, the transport of [${endpointOf(trunk)}]: external_media_address=<your public address> and local_net=<each network inside>`,
    audioOnly: (trunk) => line(trunk, 'allow= without video codecs, max_video_streams=0'),
    mirror: () => 'load res_hep_pjsip and set CRANKBACK_HEP_PORT (docs/hep.md)',
  };
}

/** What Asterisk cannot be told stays readable: in brackets, so that nobody pastes it. */
function names(codecs: readonly Codec[]): string[] {
  return codecs.map((codec) => formatOf(codec) ?? `<no format for ${codec.name.slice(0, 32)}>`);
}
