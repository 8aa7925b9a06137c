import type { Advice } from '../../../src/codecs/dialect';
import type { Remedy } from '../../../src/codecs/remedy';
import { codecKey } from '../../../src/codecs/registry';
import type { Codec } from '../../../src/model/media';
import { formatOf, translatorsOf } from './codecs';

/** The codecs that an Asterisk can translate; empty if they are not known. */
export type KnownFormats = () => readonly Codec[];

/** Formats of video, by SDP's names; translated by none, they go from one leg to the other. */
const VIDEO: ReadonlyMap<string, string> = new Map([
  ['H264', 'h264'],
  ['H265', 'h265'],
  ['H263', 'h263'],
  ['H263-1998', 'h263p'],
  ['VP8', 'vp8'],
  ['VP9', 'vp9'],
]);

/** Formats that every Asterisk translates with the modules of its own package. */
const STOCK = new Set(
  'ulaw alaw g722 gsm ilbc g726 g726aal2 adpcm lpc10 speex speex16 speex32 slin slin16'.split(' '),
);

/**
 * The `allow=` of these codecs. As tried on 22.10.1, a call that is answered with a codec that Asterisk cannot
 * translate ends at once with "No path to translate", unless the caller has the same codec: so codecs that it
 * translates come alone where there are any, and else the line says which module is missing.
 */
export function codecAdvice(
  endpoint: string,
  { codecs, ptime, longer }: Extract<Remedy, { readonly kind: 'codecs' }>,
  translated: KnownFormats,
): Advice {
  const video = codecs.flatMap(({ name }) => VIDEO.get(name.toUpperCase()) ?? []);
  const known = codecs.flatMap((codec) => {
    const format = formatOf(codec);
    return format === undefined ? [] : [{ codec, format }];
  });
  if (known.length === 0 && video.length === 0)
    return {
      cannot: `Asterisk has no format for ${codecs.map(({ name }) => safe(name)).join(', ')}`,
    };
  const spoken = known.filter(({ codec, format }) => isTranslated(codec, format, translated()));
  const chosen = spoken.length > 0 ? spoken : known;
  const framed = chosen.map(({ format }) => (ptime === undefined ? format : `${format}:${ptime}`));
  const line = `pjsip.conf [${endpoint}]: allow=!all,${[...framed, ...video].join(',')}`;
  const whole = ptime === undefined ? line : `${line} and use_ptime=yes`;
  const missing = spoken.length > 0 ? [] : known.map(({ format }) => format);
  // As tried on 22.10.1: the offer has the shorter packet time of the caller's and of `allow=`.
  const useless =
    ptime !== undefined && longer === true
      ? `, but Asterisk offers no packets that are longer than the caller's: it helps callers who send ${ptime} ms`
      : '';
  return {
    line: `${whole}${useless}${missing.length === 0 ? '' : warning(missing, translated().length > 0)}`,
  };
}

function isTranslated(codec: Codec, format: string, translated: readonly Codec[]): boolean {
  if (translated.length === 0) return STOCK.has(format);
  const key = codecKey(codec);
  return translated.some((one) => codecKey(one) === key);
}

/** Known for sure, or only that Asterisk comes without such a module. */
function warning(formats: readonly string[], known: boolean): string {
  const modules = formats.map(translatorsOf).filter((names) => names !== '');
  const module = modules.length === 0 ? 'a module that translates it' : modules.join(', ');
  const lacks = known
    ? 'this Asterisk has no module that translates'
    : 'it takes a module that translates';
  return `, but ${lacks} ${formats.join(', ')} (${module}): without one, calls that are answered end at once ("No path to translate"), unless the caller speaks ${formats.join(' or ')} too`;
}

function safe(name: string): string {
  return name.replace(/[^\w.-]/g, '?').slice(0, 32);
}
