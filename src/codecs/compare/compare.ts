import type { Warning } from '../../model/failure';
import type { Codec, MediaStream } from '../../model/media';
import type { MediaDifference } from '../media-difference';
import { isRtp } from '../media-profile';
import { codecKey, distinct } from '../registry';
import type { Remedy } from '../remedy';
import { bestPair, streamsOf, type Sides } from '../sides';
import { compareAddresses } from './addresses';
import { compareCodecs, isOtherOrder, shown } from './codecs';
import { conspicuousIn, type Conspicuous } from './conspicuous';
import { changesOffer } from './in-force';
import { compareKeying } from './keying';
import { saidDifferences } from './said';
import { compareStreams, isOn, streamDifferences } from './streams';
import { compareTransport } from './transport';

/**
 * Compares all streams of both descriptions, and what the refusal says in words.
 * @returns every difference, most telling first, never none; each remedy changes our offer
 */
export function compareSides(
  sides: Sides,
  warnings: readonly Warning[],
): readonly MediaDifference[] {
  const { description, offer, spoken } = sides;
  const said = saidDifferences({ warnings, spoken, description, offer });
  const seen = seenDifferences(sides);
  const ordered = mostTellingFirst(said, seen);
  const found = ordered.length > 0 ? ordered : [withoutDifference(sides)];
  const advisable = (remedy: Remedy | undefined): Remedy[] => {
    const left = remedy && withoutRefused(withKept(remedy, sides), spoken.refused);
    return left && changesOffer(left, sides) ? [left] : [];
  };
  return suspected(sides, found).map(({ instead, ...difference }) => {
    const [other] = advisable(instead);
    const remedies = difference.remedies.flatMap(advisable);
    return { ...difference, remedies, ...(other && { instead: other }) };
  });
}

/** A stream goes by the codecs that stay. */
function withKept(remedy: Remedy, { description }: Sides): Remedy {
  if (remedy.kind !== 'without-streams' || !description) return remedy;
  const kept = description.streams.filter((one) => isOn(one) && !remedy.types.includes(one.type));
  const keeps = distinct(kept.flatMap(({ codecs }) => codecs));
  return keeps.length > 0 ? { ...remedy, keeps } : remedy;
}

/** A codec that the far side refuses by name is never advised, wherever its name came from. */
function withoutRefused(remedy: Remedy, refused: readonly Codec[]): Remedy | undefined {
  const no = new Set(refused.map(codecKey));
  if (remedy.kind === 'without-streams' && remedy.keeps) {
    const keeps = remedy.keeps.filter((codec) => !no.has(codecKey(codec)));
    return { kind: remedy.kind, types: remedy.types, ...(keeps.length > 0 && { keeps }) };
  }
  if (remedy.kind === 'format-parameters')
    return no.has(codecKey(remedy.codec)) ? undefined : remedy;
  if (remedy.kind !== 'codecs') return remedy;
  const codecs = remedy.codecs.filter((codec) => !no.has(codecKey(codec)));
  return codecs.length > 0 ? { ...remedy, codecs } : undefined;
}

/** Words alone that lead to no change: what is conspicuous in our offer may be what they mean. */
function suspected(
  { description, refusal }: Sides,
  found: readonly MediaDifference[],
): readonly MediaDifference[] {
  const [first, ...others] = found;
  if (!first || !description || refusal || first.cause === 'not-said') return found;
  if (found.some(({ remedies }) => remedies.length > 0)) return found;
  const text = listText(conspicuousIn(description, undefined), '');
  return [{ ...first, why: `${first.why}${text}` }, ...others];
}

/** Differences of both bodies, in the order in which they lead to refusals. */
function seenDifferences(sides: Sides): readonly MediaDifference[] {
  const { description, refusal } = sides;
  const streams = description && refusal && streamDifferences(description, refusal);
  const refused = streams?.refused ?? [];
  const kept = (description?.streams ?? []).filter((one) => isOn(one) && !refused.includes(one));
  const types = [...new Set(['audio', ...kept.map(({ type }) => type)])];
  const keying: MediaDifference[] = [];
  const codecs: MediaDifference[] = [];
  for (const type of types) {
    const rest = kept.filter((stream) => stream.type !== type);
    const [offer, accepted] = pairOf(sides, type);
    if (type === 'audio' && description && streamsOf(description, 'audio').length === 0) continue;
    if (refused.some((stream) => stream.type === type) && !kept.some((one) => one.type === type))
      continue;
    if (offer && accepted && isRtp(offer) && isRtp(accepted))
      keying.push(...labelled(type, compareKeying(offer, accepted)));
    codecs.push(...labelled(type, codecsOf(sides, type, offer, accepted, rest)));
  }
  const unique = new Map(
    keying.map((one) => [JSON.stringify(one.remedies), one] as const).reverse(),
  );
  return [
    ...[...unique.values()].reverse(),
    ...(description ? compareAddresses(description, refusal) : []),
    ...(streams ? compareStreams(streams, (description?.streams ?? []).filter(isOn)) : []),
    ...codecs,
    // WebRTC brings ICE and a bundle with it.
    ...(description && refusal && !keying.some(({ cause }) => cause === 'webrtc')
      ? compareTransport(description, refusal)
      : []),
  ];
}

function pairOf(
  sides: Sides,
  type: string,
): readonly [MediaStream | undefined, MediaStream | undefined] {
  if (type === 'audio') return [sides.offer, sides.accepted];
  return bestPair(streamsOf(sides.description, type), streamsOf(sides.refusal, type));
}

function codecsOf(
  sides: Sides,
  type: string,
  offer: MediaStream | undefined,
  accepted: MediaStream | undefined,
  rest: readonly MediaStream[],
): readonly MediaDifference[] {
  const beside: readonly Codec[] = distinct(rest.flatMap((stream) => stream.codecs));
  if (type === 'audio') {
    const { offered, accepts, spoken } = sides;
    const streams = accepts?.from === 'body' ? { offer, accepted } : noStreams;
    return compareCodecs({
      offered,
      accepts: accepts?.codecs,
      refused: spoken.refused,
      beside,
      ...streams,
    });
  }
  if (!offer || offer.codecs.length === 0) return [];
  if (!accepted || accepted.codecs.length === 0) return [];
  const offered = distinct(offer.codecs);
  return compareCodecs({
    offered,
    accepts: distinct(accepted.codecs),
    refused: [],
    beside,
    offer,
    accepted,
  });
}

const noStreams = { offer: undefined, accepted: undefined };

/** `video: no codec in common …`; audio needs no label. */
function labelled(type: string, found: readonly MediaDifference[]): readonly MediaDifference[] {
  if (type === 'audio') return found;
  return found.map((difference) => ({ ...difference, why: `${type}: ${difference.why}` }));
}

/** Causes that words name as one. */
const KEYING = new Set(['webrtc', 'profile', 'keying']);

/** What words name comes first; where the bodies show the same, theirs is more exact. */
function mostTellingFirst(
  said: readonly MediaDifference[],
  seen: readonly MediaDifference[],
): readonly MediaDifference[] {
  const isSame = (one: MediaDifference, other: MediaDifference): boolean =>
    one.cause === other.cause || (KEYING.has(one.cause) && KEYING.has(other.cause));
  const first = said.flatMap((words) => {
    const shownToo = seen.filter((body) => isSame(words, body));
    return shownToo.length > 0 ? shownToo : [words];
  });
  const rest = seen.filter((body) => !first.includes(body));
  const all = [...new Set(first), ...rest];
  return [...all.filter(({ weak }) => !weak), ...all.filter(({ weak }) => weak)];
}

/** Neither words nor bodies differ, or there is nothing to compare with. */
function withoutDifference(sides: Sides): MediaDifference {
  const { description, refusal, offered, accepts } = sides;
  const codecs = offered ?? [];
  const agreed = description && refusal && (accepts?.from === 'body' || codecs.length === 0);
  const conspicuous = description ? conspicuousIn(description, agreed ? refusal : undefined) : [];
  const remedy = conspicuous.find((one) => one.remedy)?.remedy;
  const remedies = remedy ? [remedy] : [];
  if (agreed)
    return {
      cause: 'nothing-differs',
      why: `nothing differs: ${sameText(codecs, accepts?.codecs ?? [])}${listText(conspicuous, '; nothing is conspicuous in our offer either')}`,
      remedies,
    };
  const offer = offered ? `we offered ${shown(offered)}` : 'our offer is not known';
  return {
    cause: 'not-said',
    why: `the far side did not say which codecs it takes; ${offer}: compare with the carrier's interface description${listText(conspicuous, '')}`,
    remedies,
  };
}

function sameText(offered: readonly Codec[], accepts: readonly Codec[]): string {
  if (offered.length === 0) return 'the refusal has the streams that we offered';
  const offer = `we offered ${shown(offered)}`;
  if (isOtherOrder(offered, accepts))
    return `${offer}, and the far side takes ${shown(accepts)}: another order`;
  return accepts.length > offered.length
    ? `${offer}, and the far side takes all of them (${shown(accepts)})`
    : `${offer}, and the refusal lists just that`;
}

function listText(conspicuous: readonly Conspicuous[], none: string): string {
  if (conspicuous.length === 0) return none;
  return `; conspicuous in our offer: ${conspicuous.map(({ text }) => text).join(', ')}`;
}
