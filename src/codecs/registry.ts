import type { Codec } from '../model/media';

/** RFC 3551 6: codecs of static payload types, which need no `a=rtpmap`. A list of one each. */
export const STATIC_PAYLOADS: ReadonlyMap<number, Codec[]> = new Map(
  (
    [
      [0, 'PCMU', 8000],
      [3, 'GSM', 8000],
      [4, 'G723', 8000],
      [5, 'DVI4', 8000],
      [6, 'DVI4', 16000],
      [7, 'LPC', 8000],
      [8, 'PCMA', 8000],
      [9, 'G722', 8000],
      [10, 'L16', 44100, 2],
      [11, 'L16', 44100],
      [12, 'QCELP', 8000],
      [13, 'CN', 8000],
      [15, 'G728', 8000],
      [16, 'DVI4', 11025],
      [17, 'DVI4', 22050],
      [18, 'G729', 8000],
      [26, 'JPEG', 90000],
      [31, 'H261', 90000],
      [34, 'H263', 90000],
    ] as const
  ).map(([payload, name, clockRate, channels]) => [
    payload,
    [{ name, clockRate, ...(channels !== undefined && { channels }) }],
  ]),
);

/** Names that softswitches write for a codec with another registered name. */
const ALIAS: Readonly<Record<string, string>> = {
  G711U: 'PCMU',
  ULAW: 'PCMU',
  MULAW: 'PCMU',
  G711A: 'PCMA',
  ALAW: 'PCMA',
  G729A: 'G729',
  G729B: 'G729',
  G729AB: 'G729',
  G7231: 'G723',
  SLIN: 'L16',
};

/**
 * A key that is equal for codecs that interoperate: `PCMU/8000`. Names in any case; annexes A and B of
 * G.729 are the same codec, and whether B is used is a format parameter (`annexb`).
 */
export function codecKey({ name, clockRate, channels = 1 }: Codec): string {
  const plain = registeredName(name).toUpperCase();
  return channels > 1 ? `${plain}/${clockRate}/${channels}` : `${plain}/${clockRate}`;
}

/** The registered encoding name for a name as written: `alaw`, `G.729a`; unknown names unchanged. */
export function registeredName(written: string): string {
  return ALIAS[written.toUpperCase().replace(/[^A-Z0-9]/g, '')] ?? written;
}

/** A codec for people: with its clock rate only if that is not telephony's 8000 Hz. */
export function codecText({ name, clockRate, channels = 1 }: Codec): string {
  if (clockRate === 8000 && channels === 1) return name;
  return channels > 1 ? `${name}/${clockRate}/${channels}` : `${name}/${clockRate}`;
}

/** Codecs in both lists, in the first list's order and spelling, each once. */
export function intersection(first: readonly Codec[], second: readonly Codec[]): readonly Codec[] {
  const wanted = new Set(second.map(codecKey));
  return distinct(first).filter((codec) => wanted.has(codecKey(codec)));
}

/** Each codec once, at its first place. */
export function distinct(codecs: readonly Codec[]): readonly Codec[] {
  const seen = new Set<string>();
  return codecs.filter((codec) => {
    const key = codecKey(codec);
    return !seen.has(key) && seen.add(key);
  });
}

/** Names of telephony's codecs in free text. */
const SPOKEN: ReadonlyMap<string, Codec> = new Map(
  (
    [
      ['PCMU', 'PCMU', 8000],
      ['ULAW', 'PCMU', 8000],
      ['MULAW', 'PCMU', 8000],
      ['G711U', 'PCMU', 8000],
      ['G711ULAW', 'PCMU', 8000],
      ['PCMA', 'PCMA', 8000],
      ['ALAW', 'PCMA', 8000],
      ['G711A', 'PCMA', 8000],
      ['G711ALAW', 'PCMA', 8000],
      ['G729', 'G729', 8000],
      ['G729A', 'G729', 8000],
      ['G729B', 'G729', 8000],
      ['G729AB', 'G729', 8000],
      ['G722', 'G722', 8000],
      ['G723', 'G723', 8000],
      ['G7231', 'G723', 8000],
      ['G728', 'G728', 8000],
      ['G726', 'G726-32', 8000],
      ['G72632', 'G726-32', 8000],
      ['GSM', 'GSM', 8000],
      ['ILBC', 'iLBC', 8000],
      ['AMR', 'AMR', 8000],
      ['AMRWB', 'AMR-WB', 16000],
      ['SPEEX', 'speex', 8000],
      ['OPUS', 'opus', 48000, 2],
      ['EVS', 'EVS', 16000],
    ] as const
  ).map(([spoken, name, clockRate, channels]) => [
    spoken,
    { name, clockRate, ...(channels !== undefined && { channels }) },
  ]),
);

/** Every codec with a usual name. */
export const NAMED_CODECS: readonly Codec[] = distinct([...SPOKEN.values()]);

/** Names to suggest if none is known, as PBXes and people write them. */
export const COMMON_CODECS: readonly string[] =
  'alaw ulaw g729 g722 opus gsm g723 g726 ilbc speex AMR AMR-WB'.split(' ');

/** The codec with a usual name (`alaw`, `G.729`) or a name as in `a=rtpmap` (`AMR-WB/16000`). */
export function codecCalled(text: string): Codec | undefined {
  const [name = '', clockRate, channels] = text.split('/');
  if (clockRate === undefined) return SPOKEN.get(name.toUpperCase().replace(/[^A-Z0-9]/g, ''));
  const several = Number(channels ?? 1) > 1 && { channels: Number(channels) };
  return { name: registeredName(name), clockRate: Number(clockRate), ...several };
}

/** `G.711` alone is either law. */
const EITHER_LAW: readonly Codec[] = [
  { name: 'PCMU', clockRate: 8000 },
  { name: 'PCMA', clockRate: 8000 },
];

/** Codecs named in a free text, in order, each once: `only G.729, GSM`. Linear. */
export function codecsNamedIn(text: string): readonly Codec[] {
  const words = text
    .slice(0, 512)
    .split(/[\s,;:()[\]"'/|]+/)
    .map((word) => word.toUpperCase().replace(/[^A-Z0-9]/g, ''));
  const found = words.flatMap((word) => SPOKEN.get(word) ?? []);
  const law = found.some(({ name }) => name === 'PCMU' || name === 'PCMA');
  const either = words.includes('G711') && !law ? EITHER_LAW : [];
  return distinct([...found, ...either]);
}
