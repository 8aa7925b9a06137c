import type { Evidence, Warning } from '../model/failure';
import type { Codec, MediaDescription, MediaStream } from '../model/media';
import { isPrivate } from './private-address';
import { codecsNamedIn, distinct, intersection } from './registry';

/** A value that differs between our offer and the refusal. */
export interface Difference<T> {
  readonly offered: T;
  readonly accepted: T;
}

const MEDIA_WARNING_CODES: ReadonlySet<number> = new Set([304, 305, 399]);

/** What is known of both sides, for comparison. */
export interface KnownSides {
  readonly offered?: readonly Codec[];
  readonly accepts?: readonly Codec[];
  readonly common?: readonly Codec[];
  readonly profile?: Difference<string>;
  readonly ptime?: Difference<number>;
  readonly telephoneEvent?: Difference<boolean>;
  readonly privateAddresses: readonly string[];
  /** Kinds of stream in our offer that the far side left out. */
  readonly mediaTypes: readonly string[];
  /** Whether our offer is known and has only audio. */
  readonly onlyAudio: boolean;
}

/** Both sides of a refusal. */
export interface Sides {
  readonly description: MediaDescription | undefined;
  readonly refusal: MediaDescription | undefined;
  readonly offer: MediaStream | undefined;
  readonly accepted: MediaStream | undefined;
  readonly offered: readonly Codec[] | undefined;
  readonly accepts:
    { readonly codecs: readonly Codec[]; readonly from: 'body' | 'warning' } | undefined;
}

export function sidesOf(evidence: readonly Evidence[]): Sides {
  const description = evidence.find((source) => source.offer)?.offer;
  const refusal = evidence.find((source) => source.refusal)?.refusal;
  const offer = audioOf(description);
  const accepted = audioOf(refusal, offer?.profile);
  const offered = offer ? distinct(offer.codecs) : evidence.find((it) => it.offered)?.offered;
  const listed = distinct(accepted?.codecs ?? []);
  const named = namedByWarnings(evidence, offered);
  const accepts =
    listed.length > 0
      ? { codecs: listed, from: 'body' as const }
      : named.length > 0
        ? { codecs: named, from: 'warning' as const }
        : undefined;
  return { description, refusal, offer, accepted, offered, accepts };
}

/**
 * Codecs that media Warnings name and that we did not offer. A codec that we did offer may be named as
 * wanted or as refused; only the carrier's English says which. Had it been enough, the call would have been
 * accepted.
 */
function namedByWarnings(
  evidence: readonly Evidence[],
  offered: readonly Codec[] | undefined,
): readonly Codec[] {
  const named = distinct(
    warningsIn(evidence)
      .filter(({ code }) => MEDIA_WARNING_CODES.has(code))
      .flatMap(({ text }) => codecsNamedIn(text)),
  );
  const ours = offered ? intersection(named, offered) : [];
  return named.filter((codec) => !ours.includes(codec));
}

/** Differences between two audio streams apart from their codecs. */
export function differences(
  offer: MediaStream | undefined,
  accepted: MediaStream | undefined,
): Pick<KnownSides, 'profile' | 'ptime' | 'telephoneEvent'> {
  if (!offer || !accepted) return {};
  const events = [offer, accepted].map((stream) => stream.telephoneEvent.length > 0);
  const [offeredEvents = false, acceptedEvents = false] = events;
  const packets = packetTimes(offer, accepted);
  return {
    ...(offer.profile.toUpperCase() !== accepted.profile.toUpperCase() && {
      profile: { offered: offer.profile, accepted: accepted.profile },
    }),
    ...(packets && { ptime: packets }),
    ...(offeredEvents !== acceptedEvents && {
      telephoneEvent: { offered: offeredEvents, accepted: acceptedEvents },
    }),
  };
}

/** RFC 3551 4.5: the default is 20 ms. A far side that states no packet time did not refuse for it. */
function packetTimes(offer: MediaStream, accepted: MediaStream): Difference<number> | undefined {
  const wanted = accepted.ptime ?? accepted.maxptime;
  if (wanted === undefined) return undefined;
  const ours = offer.ptime ?? 20;
  const fits = accepted.ptime === undefined ? ours <= wanted : ours === wanted;
  return fits ? undefined : { offered: ours, accepted: wanted };
}

/** Kinds of stream in our offer that the refusal's body leaves out. */
export function mediaTypesLeftOut({ description, refusal }: Sides): readonly string[] {
  if (!description || !refusal) return [];
  const taken = new Set(refusal.streams.map(({ type }) => type));
  const types = description.streams.map(({ type }) => type);
  return [...new Set(types)].filter((type) => !taken.has(type));
}

/** Media addresses that cannot be reached from outside, each once. */
export function privateAddresses(description: MediaDescription | undefined): readonly string[] {
  const addresses = (description?.streams ?? []).flatMap(({ address }) => address ?? []);
  return [...new Set(addresses)].filter(isPrivate);
}

/**
 * The audio stream, if there are several the one with this profile: a side that accepts both profiles lists
 * both.
 */
function audioOf(
  description: MediaDescription | undefined,
  profile?: string,
): MediaStream | undefined {
  const streams = description?.streams.filter(({ type }) => type === 'audio') ?? [];
  const same = streams.find((one) => one.profile.toUpperCase() === profile?.toUpperCase());
  return same ?? streams[0];
}

/** The Warnings of the first source that can see headers. */
export function warningsIn(evidence: readonly Evidence[]): readonly Warning[] {
  return evidence.find(({ warnings }) => warnings !== undefined)?.warnings ?? [];
}
