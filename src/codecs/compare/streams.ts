import type { MediaDescription, MediaStream } from '../../model/media';
import type { MediaDifference } from '../media-difference';

/** Streams of our offer that the far side does not take, and streams that it has and we do not. */
export interface StreamDifferences {
  readonly refused: readonly MediaStream[];
  readonly wanted: readonly MediaStream[];
}

/**
 * Pairs the streams of each type in order, whatever stands between them. In capabilities every port is 0 (RFC
 * 3264 9), so a port 0 refuses a stream only where another stream has a port.
 */
export function streamDifferences(
  offer: MediaDescription,
  refusal: MediaDescription,
): StreamDifferences {
  const lists = refusal.streams.every(({ port }) => port === 0);
  const ours = offer.streams.filter(isOn);
  const theirs = refusal.streams.filter((stream) => lists || stream.port > 0);
  return { refused: surplus(ours, theirs, refusal), wanted: surplus(theirs, offer.streams, offer) };
}

/** Port 0 switches a stream off, unless it only waits for its bundle. */
export function isOn({ port, bundleOnly }: MediaStream): boolean {
  return port > 0 || bundleOnly === true;
}

/** Streams without a partner of their type; `all` has the order in which a port 0 tells which one. */
function surplus(
  streams: readonly MediaStream[],
  partners: readonly MediaStream[],
  all: MediaDescription,
): readonly MediaStream[] {
  const types = [...new Set(streams.map(({ type }) => type))];
  return types.flatMap((type) => {
    const same = streams.filter((stream) => stream.type === type);
    const taken = partners.filter((stream) => stream.type === type).length;
    if (same.length <= taken) return [];
    const off = all.streams.filter((stream) => stream.type === type);
    const refused = same.filter((_, at) => off.length === same.length && off[at]?.port === 0);
    return refused.length === same.length - taken ? refused : same.slice(taken);
  });
}

/** One difference for all refused streams. A list of more than we offered is no reason to refuse. */
export function compareStreams(
  { refused, wanted }: StreamDifferences,
  offered: readonly MediaStream[],
): readonly MediaDifference[] {
  if (refused.length === 0) return [];
  const others = wanted.length === 0 ? '' : `; it wants ${wanted.map(streamText).join(', ')}`;
  const bundled = refused.some((stream) => stream.bundled) ? ', offered in a bundle (BUNDLE)' : '';
  const all = refused.length === offered.length;
  const types = [...new Set(refused.map(({ type }) => type))];
  return [
    {
      cause: 'media-type',
      why: all
        ? `we offered ${refused.map(streamText).join(', ')}, and the far side takes ${wanted.map(streamText).join(', ') || 'nothing of it'} alone`
        : `our offer has a kind of media that the far side does not take: ${refused.map(streamText).join(', ')}${bundled}${others}`,
      remedies: all ? [] : [{ kind: 'without-streams', types }],
    },
  ];
}

/** `video`, `image (udptl t38, fax)`: the words of the `m=` line. */
export function streamText({ type, profile, otherFormats }: MediaStream): string {
  if (type === 'image')
    return `image (${[profile, ...(otherFormats ?? [])].join(' ')}: fax by T.38)`;
  if (type === 'message') return `message (${profile})`;
  return type;
}
