import type { Evidence } from '../model/failure';
import type { Codec, MediaDescription, MediaStream } from '../model/media';
import { isSameProfile } from './media-profile';
import { codecKey, distinct, intersection } from './registry';
import { phraseIn, spokenIn, warningsIn, type Spoken } from './spoken';

/** Both sides of a refusal. */
export interface Sides {
  readonly description: MediaDescription | undefined;
  readonly refusal: MediaDescription | undefined;
  /** Our audio stream, and the far side's that fits it best. */
  readonly offer: MediaStream | undefined;
  readonly accepted: MediaStream | undefined;
  readonly offered: readonly Codec[] | undefined;
  /** What the far side would take; never a codec that it refuses by name. */
  readonly accepts:
    { readonly codecs: readonly Codec[]; readonly from: 'body' | 'warning' | 'phrase' } | undefined;
  readonly spoken: Spoken;
}

export function sidesOf(evidence: readonly Evidence[]): Sides {
  const description = evidence.find((source) => source.offer)?.offer;
  const refusal = evidence.find((source) => source.refusal)?.refusal;
  const [offer, accepted] = bestPair(streamsOf(description, 'audio'), streamsOf(refusal, 'audio'));
  const offered = offer ? distinct(offer.codecs) : evidence.find((it) => it.offered)?.offered;
  const spoken = spokenIn(warningsIn(evidence), phraseIn(evidence));
  const refused = new Set(spoken.refused.map(codecKey));
  const listed = distinct(accepted?.codecs ?? []).filter((codec) => !refused.has(codecKey(codec)));
  const named = beyond(offered, spoken.wanted);
  const accepts =
    listed.length > 0
      ? { codecs: listed, from: 'body' as const }
      : named.length > 0
        ? { codecs: named, from: spoken.from }
        : undefined;
  return { description, refusal, offer, accepted, offered, accepts, spoken };
}

/**
 * Named codecs that we did not offer. Had one that we did offer been enough, the call would have been
 * accepted.
 */
function beyond(offered: readonly Codec[] | undefined, wanted: readonly Codec[]): readonly Codec[] {
  const ours = offered ? intersection(wanted, offered) : [];
  return wanted.filter((codec) => !ours.includes(codec));
}

export function streamsOf(
  description: MediaDescription | undefined,
  type: string,
): readonly MediaStream[] {
  return description?.streams.filter((stream) => stream.type === type) ?? [];
}

/**
 * The stream of each side that fit best: of one profile if there are such, because a side that takes two
 * profiles lists two streams.
 */
export function bestPair(
  offers: readonly MediaStream[],
  accepted: readonly MediaStream[],
): readonly [MediaStream | undefined, MediaStream | undefined] {
  for (const offer of offers) {
    const same = accepted.find((stream) => isSameProfile(offer, stream));
    if (same) return [offer, same];
  }
  return [offers[0], accepted[0]];
}
