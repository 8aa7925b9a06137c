import type { Codec, CodecFormat, MediaStream } from '../../model/media';
import { parameterDifferences, type ParameterDifference } from '../format-parameters';
import type { MediaDifference } from '../media-difference';
import { codecKey, codecText, distinct } from '../registry';

/** Codecs that both sides have, by whether their format parameters agree. */
export interface CommonFormats {
  readonly agreeing: readonly Codec[];
  readonly differing: readonly DifferingFormat[];
}

interface DifferingFormat {
  readonly codec: Codec;
  readonly differences: readonly ParameterDifference[];
}

/** A codec agrees if one of its payload types does: the closest pair counts. */
export function commonFormats(offer: MediaStream, accepted: MediaStream): CommonFormats {
  const agreeing: Codec[] = [];
  const differing: DifferingFormat[] = [];
  for (const codec of distinct(offer.codecs)) {
    const [ours, theirs] = [formatsOf(offer, codec), formatsOf(accepted, codec)];
    if (theirs.length === 0) continue;
    const pairs = ours.flatMap((one) => theirs.map((other) => parameterDifferences(one, other)));
    const [closest = []] = pairs.sort((one, other) => one.length - other.length);
    if (closest.length === 0) agreeing.push(codec);
    else differing.push({ codec, differences: closest });
  }
  return { agreeing, differing };
}

/** One difference for each codec whose parameters differ. */
export function compareFormats({ agreeing, differing }: CommonFormats): readonly MediaDifference[] {
  return differing.map(({ codec, differences }) => ({
    cause: 'format-parameters' as const,
    why: `both sides have ${codecText(codec)}, but we offered ${listed(differences, 'offered')} and the far side takes ${listed(differences, 'accepted')}`,
    remedies: [
      {
        kind: 'format-parameters' as const,
        codec,
        parameters: differences.map(({ wanted }) => wanted),
      },
    ],
    ...(agreeing.length > 0 && { instead: { kind: 'codecs' as const, codecs: agreeing } }),
    ...(differences.every(({ negotiated }) => !negotiated) && { weak: true as const }),
  }));
}

function listed(differences: readonly ParameterDifference[], side: 'offered' | 'accepted'): string {
  return differences.map((difference) => `${difference.name}=${difference[side]}`).join(', ');
}

function formatsOf(stream: MediaStream, codec: Codec): readonly CodecFormat[] {
  const key = codecKey(codec);
  const formats = stream.formats ?? stream.codecs.map((one) => ({ codec: one, parameters: [] }));
  return formats.filter((format) => codecKey(format.codec) === key);
}
