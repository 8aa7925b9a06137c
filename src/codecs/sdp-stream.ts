import type { parse } from 'sdp-transform';
import type {
  Codec,
  CodecFormat,
  FormatParameter,
  MediaEncryption,
  MediaStream,
} from '../model/media';
import { STATIC_PAYLOADS } from './registry';

const MOST_CODECS = 64;
/** No codec has more parameters. */
const MOST_PARAMETERS = 24;
const MOST_SUITES = 16;

/** Encoding names that are no audio codec by themselves. */
const NO_CODEC = new Set(['TELEPHONE-EVENT', 'CN', 'RED', 'TONE', 'RTX', 'ULPFEC']);

type Parsed = ReturnType<typeof parse>;
type ParsedMedia = Parsed['media'][number];

/** One stream; an empty list if its `m=` line cannot be understood. */
export function readStream(media: ParsedMedia, session: Parsed): MediaStream[] {
  if (typeof media.type !== 'string' || typeof media.protocol !== 'string') return [];
  const payloads = String(media.payloads ?? '').split(' ', MOST_CODECS);
  const isRtp = media.protocol.toUpperCase().includes('RTP');
  const all = isRtp ? payloads.flatMap((payload) => formatOf(payload, media)) : [];
  const formats = all.filter(({ codec }) => !NO_CODEC.has(codec.name.toUpperCase()));
  const address = media.connection?.ip ?? session.connection?.ip;
  const [ptime, maxptime] = [milliseconds(media.ptime), milliseconds(media.maxptime)];
  return [
    {
      type: media.type.toLowerCase(),
      port: typeof media.port === 'number' ? media.port : 0,
      profile: media.protocol,
      codecs: formats.map(({ codec }) => codec),
      telephoneEvent: all
        .filter(({ codec }) => codec.name.toUpperCase() === 'TELEPHONE-EVENT')
        .map(({ codec }) => codec.clockRate),
      encryption: encryptionOf(media, session),
      ...(ptime !== undefined && { ptime }),
      ...(maxptime !== undefined && { maxptime }),
      ...(address !== undefined && { address: String(address) }),
      ...(isRtp ? { formats } : { otherFormats: payloads.filter((format) => format !== '') }),
      ...keyingOf(media, session),
      ...bundlingOf(media, session),
      ...directionOf(media, session),
    },
  ];
}

/** The codec of a mapped payload, or RFC 3551's codec of a static payload without a map. */
function formatOf(payload: string, media: ParsedMedia): CodecFormat[] {
  if (!/^\d{1,3}$/.test(payload)) return [];
  const number = Number(payload);
  const parameters = parametersOf(number, media);
  return codecOf(number, media).map((codec) => ({ codec, parameters }));
}

function codecOf(payload: number, media: ParsedMedia): Codec[] {
  const map = media.rtp.find((entry) => entry.payload === payload);
  // sdp-transform turns a numeric name into a number.
  const name = String(map?.codec ?? '');
  if (!map || name === '') return STATIC_PAYLOADS.get(payload) ?? [];
  const channels = Number(map.encoding ?? 1);
  return [
    {
      name,
      clockRate: typeof map.rate === 'number' ? map.rate : 8000,
      ...(channels > 1 && { channels }),
    },
  ];
}

/** `annexb=no; x=1` in lower case. A part without `=`, as of telephone-event, is no parameter. */
function parametersOf(payload: number, media: ParsedMedia): FormatParameter[] {
  const config = media.fmtp.find((entry) => entry.payload === payload)?.config;
  return String(config ?? '')
    .toLowerCase()
    .split(';', MOST_PARAMETERS)
    .flatMap((part) => {
      const [name = '', value] = part.split('=', 2).map((text) => text.trim());
      return value === undefined || name === '' ? [] : [{ name, value }];
    });
}

function encryptionOf(media: ParsedMedia, session: Parsed): MediaEncryption {
  if ((media.crypto ?? []).length > 0) return 'sdes';
  const dtls = media.protocol.toUpperCase().includes('TLS');
  return dtls || media.fingerprint || session.fingerprint ? 'dtls' : 'none';
}

function keyingOf(
  media: ParsedMedia,
  session: Parsed,
): Pick<MediaStream, 'suites' | 'fingerprint' | 'setup' | 'ice'> {
  const suites = (media.crypto ?? []).slice(0, MOST_SUITES).map(({ suite }) => String(suite));
  const fingerprint = (media.fingerprint ?? session.fingerprint)?.type;
  const setup = media.setup ?? session.setup;
  return {
    ...(suites.length > 0 && { suites }),
    ...(fingerprint !== undefined && { fingerprint: String(fingerprint).toLowerCase() }),
    ...(setup !== undefined && { setup: String(setup).toLowerCase() }),
    ...((media.iceUfrag ?? session.iceUfrag) !== undefined && { ice: true as const }),
  };
}

function bundlingOf(
  media: ParsedMedia & { readonly bundleOnly?: unknown },
  session: Parsed,
): Pick<MediaStream, 'bundled' | 'bundleOnly'> {
  const mid = media.mid === undefined ? undefined : String(media.mid);
  const bundled = (session.groups ?? []).some(({ type, mids }) => {
    const members = String(mids).split(' ');
    return type === 'BUNDLE' && members.length > 1 && mid !== undefined && members.includes(mid);
  });
  return {
    ...(bundled && { bundled }),
    ...(media.bundleOnly !== undefined && { bundleOnly: true as const }),
  };
}

function directionOf(media: ParsedMedia, session: Parsed): Pick<MediaStream, 'direction'> {
  const direction = media.direction ?? session.direction;
  return direction === undefined || direction === 'sendrecv' ? {} : { direction };
}

function milliseconds(value: unknown): number | undefined {
  return typeof value === 'number' && value > 0 && value <= 1000 ? value : undefined;
}
