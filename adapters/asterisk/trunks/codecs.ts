import { codecKey, intersection } from '../../../src/codecs/registry';
import type { Codec } from '../../../src/model/media';

/** Asterisk's format names for SDP's registered codec names (`core show codecs`). */
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
  ['amr', { name: 'AMR', clockRate: 8000 }],
  ['amrwb', { name: 'AMR-WB', clockRate: 16000 }],
];

/** Formats that Asterisk can translate, by the module that does it; linear PCM needs none. */
const TRANSLATED_BY: Readonly<Record<string, readonly string[]>> = {
  codec_ulaw: ['ulaw'],
  codec_alaw: ['alaw'],
  codec_g722: ['g722'],
  codec_gsm: ['gsm'],
  codec_ilbc: ['ilbc'],
  codec_g726: ['g726', 'g726aal2'],
  codec_adpcm: ['adpcm'],
  codec_lpc10: ['lpc10'],
  codec_speex: ['speex', 'speex16', 'speex32'],
  codec_opus: ['opus'],
  codec_opus_open_source: ['opus'],
  codec_amr: ['amr', 'amrwb'],
  codec_resample: ['slin16'],
  codec_siren7: ['siren7'],
  codec_siren14: ['siren14'],
  codec_g723: ['g723'],
  codec_g723_1: ['g723'],
  codec_g729: ['g729'],
  codec_g729a: ['g729'],
};

const FORMAT_OF = new Map(FORMATS.map(([format, codec]) => [codecKey(codec), format]));
const CODEC_OF = new Map(FORMATS);

/**
 * Asterisk's name of a codec, safe in a dialplan value: it never comes from the wire. Undefined for a codec
 * unknown to Asterisk.
 */
export function formatOf(codec: Codec): string | undefined {
  return FORMAT_OF.get(codecKey(codec));
}

/** The codec with this name in Asterisk (`ulaw`, also `alaw:20` as in `allow=`); undefined for other names. */
export function codecOf(format: string): Codec | undefined {
  return CODEC_OF.get(format.trim().toLowerCase().replace(/:\d+$/, ''));
}

/** The codecs with these names in Asterisk, in order: `(ulaw|alaw)`, `ulaw|alaw`, `ulaw-alaw`. */
export function codecsIn(formats: string): readonly Codec[] {
  return formats.split(/[^a-z0-9]+/).flatMap((format) => codecOf(format) ?? []);
}

/** The modules of which one translates a format, `codec_g729 or codec_g729a`; empty if none does. */
export function translatorsOf(format: string): string {
  return Object.entries(TRANSLATED_BY)
    .flatMap(([module, formats]) => (formats.includes(format) ? [module] : []))
    .join(' or ');
}

/** Codecs that Asterisk can translate with these modules running (`codec_alaw.so`). */
export function translatable(modules: readonly string[]): readonly Codec[] {
  const names = modules.flatMap((module) => TRANSLATED_BY[module.replace(/\.so$/, '')] ?? []);
  return [...new Set(['slin', ...names])].flatMap((format) => codecOf(format) ?? []);
}

/**
 * Codecs that may be offered for a caller. Both legs must meet: as seen on 22.10.1, Asterisk drops the
 * answered call if it cannot translate between leg B's codec and the *first* format of leg A, even if leg A
 * has leg B's codec further down. So a codec that Asterisk cannot translate is offered only for a caller
 * who has it first, and then it is the only one.
 * @param native formats of leg A in order; empty if unknown
 */
export function offerable(
  native: readonly Codec[],
  translated: readonly Codec[],
): readonly Codec[] {
  const [first] = native;
  if (!first || intersection([first], translated).length > 0) return translated;
  return [first];
}
