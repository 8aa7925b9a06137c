import { parse } from 'sdp-transform';
import type { Codec, MediaDescription, MediaEncryption, MediaStream } from '../model/media';
import { STATIC_PAYLOADS } from './registry';

/** No PBX makes a description with more lines, or with a longer line. */
const MOST_LINES = 512;
const LONGEST_LINE = 512;
const MOST_STREAMS = 16;
const MOST_CODECS = 64;

/** Only lines used below reach the parser, so that its other patterns never see untrusted text. */
const USED = /^(?:[vosct]=|m=|a=(?:rtpmap|ptime|maxptime|crypto|fingerprint):)/;

/** Encoding names that are no audio codec by themselves. */
const NO_CODEC = new Set(['TELEPHONE-EVENT', 'CN', 'RED', 'TONE', 'RTX', 'ULPFEC']);

type Parsed = ReturnType<typeof parse>;
type ParsedMedia = Parsed['media'][number];

/**
 * Reads a session description (RFC 8866), even if a carrier has mangled it: parts that cannot be understood
 * are dropped. Never throws; linear in its length.
 * @returns undefined if no media line is left
 */
export function parseSdp(text: string): MediaDescription | undefined {
  const lines = text.split('\n', MOST_LINES).map((line) => line.trimEnd());
  const kept = lines
    .filter((line) => line.length <= LONGEST_LINE && USED.test(line))
    // The parser does not accept a number of ports: `m=audio 4000/2 RTP/AVP 0`.
    .map((line) => line.replace(/^(m=\S+ \d+)\/\d+/, '$1'));
  const session = parse(kept.join('\n'));
  const streams = session.media
    .slice(0, MOST_STREAMS)
    .flatMap((media) => readStream(media, session));
  return streams.length === 0 ? undefined : { streams };
}

function readStream(media: ParsedMedia, session: Parsed): MediaStream[] {
  if (typeof media.type !== 'string' || typeof media.protocol !== 'string') return [];
  const payloads = String(media.payloads ?? '').split(' ', MOST_CODECS);
  const formats = media.protocol.toUpperCase().includes('RTP')
    ? payloads.flatMap((payload) => codecOf(payload, media))
    : [];
  const address = media.connection?.ip ?? session.connection?.ip;
  const [ptime, maxptime] = [milliseconds(media.ptime), milliseconds(media.maxptime)];
  return [
    {
      type: media.type.toLowerCase(),
      port: typeof media.port === 'number' ? media.port : 0,
      profile: media.protocol,
      codecs: formats.filter(({ name }) => !NO_CODEC.has(name.toUpperCase())),
      telephoneEvent: formats
        .filter(({ name }) => name.toUpperCase() === 'TELEPHONE-EVENT')
        .map(({ clockRate }) => clockRate),
      encryption: encryptionOf(media, session),
      ...(ptime !== undefined && { ptime }),
      ...(maxptime !== undefined && { maxptime }),
      ...(address !== undefined && { address: String(address) }),
    },
  ];
}

/** The codec of a mapped payload, or RFC 3551's codec of a static payload without a map. */
function codecOf(payload: string, media: ParsedMedia): Codec[] {
  if (!/^\d{1,3}$/.test(payload)) return [];
  const number = Number(payload);
  const map = media.rtp.find((entry) => entry.payload === number);
  // sdp-transform turns a numeric name into a number.
  const name = String(map?.codec ?? '');
  if (!map || name === '') return STATIC_PAYLOADS.get(number) ?? [];
  const channels = Number(map.encoding ?? 1);
  return [
    {
      name,
      clockRate: typeof map.rate === 'number' ? map.rate : 8000,
      ...(channels > 1 && { channels }),
    },
  ];
}

function encryptionOf(media: ParsedMedia, session: Parsed): MediaEncryption {
  if ((media.crypto ?? []).length > 0) return 'sdes';
  const dtls = media.protocol.toUpperCase().includes('TLS');
  return dtls || media.fingerprint || session.fingerprint ? 'dtls' : 'none';
}

function milliseconds(value: unknown): number | undefined {
  return typeof value === 'number' && value > 0 && value <= 1000 ? value : undefined;
}
