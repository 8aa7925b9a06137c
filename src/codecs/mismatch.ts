import type { Evidence, Warning } from '../model/failure';
import { privateAddresses } from './compare/addresses';
import { compareBodies } from './compare/body';
import { packetTimes } from './compare/codecs';
import { compareSides } from './compare/compare';
import { streamDifferences } from './compare/streams';
import type { ConfigurationDialect } from './dialect';
import type { MediaDifference } from './media-difference';
import { isSameProfile } from './media-profile';
import type { MismatchCause } from './mismatch-cause';
import { codecText, intersection } from './registry';
import { sidesOf, type Sides } from './sides';
import { phraseIn, warningsIn } from './spoken';

/** A value that differs between our offer and the refusal. */
export interface Difference<T> {
  readonly offered: T;
  readonly accepted: T;
}

/** One way in which both sides disagree, for people. */
export interface MediaDisagreement {
  readonly cause: MismatchCause;
  readonly why: string;
  /** The line to change and where it is, or why the PBX cannot; absent if no change is known. */
  readonly configuration?: string;
}

/** Everything about one refusal for media: the `codec_mismatch` event. */
export interface CodecMismatch {
  readonly trunk: string;
  readonly number: string;
  /** `488 Not Acceptable Here`. */
  readonly refusedWith: string;
  /** Our offer in order, for people; absent if unknown. */
  readonly offered?: readonly string[];
  /** What the far side accepts; absent if it did not say. */
  readonly accepts?: readonly string[];
  /** Source of `accepts`: SDP in the refusal, a Warning's text, or the reason phrase. */
  readonly acceptsFrom?: 'body' | 'warning' | 'phrase';
  /** The part of our offer that the far side accepts; absent if either is unknown. */
  readonly common?: readonly string[];
  readonly profile?: Difference<string>;
  /** Milliseconds. */
  readonly ptime?: Difference<number>;
  /** Whether each side has telephone-event. */
  readonly telephoneEvent?: Difference<boolean>;
  /** Kinds of stream that we offered and the far side does not take. */
  readonly mediaTypes?: readonly string[];
  /** Addresses in our offer that cannot be reached from outside. */
  readonly privateAddresses: readonly string[];
  /** `305 carrier.example "Incompatible media format"`. */
  readonly warnings: readonly string[];
  /** The cause of the most telling difference. */
  readonly cause: MismatchCause;
  /** All differences that can be the reason, in one sentence. */
  readonly why: string;
  /** The lines to change and where they are; absent if no line of the PBX would help. */
  readonly configuration?: string;
  /** Each difference by itself, most telling first; never empty. */
  readonly differences: readonly MediaDisagreement[];
  /** What is unknown because the PBX does not mirror its SIP. */
  readonly missing?: string;
}

/** A refusal with the evidence of all sources. */
export interface Refusal {
  readonly trunk: string;
  readonly number: string;
  /** All evidence of the attempt. */
  readonly evidence: readonly Evidence[];
}

/** Builds the `codec_mismatch` of one refusal. Pure; also for 480/499 "Codec Mismatch", 415, 406, 606. */
export function diagnose(refusal: Refusal, dialect: ConfigurationDialect): CodecMismatch {
  const { trunk, number, evidence } = refusal;
  const sides = sidesOf(evidence);
  const warnings = warningsIn(evidence);
  const body = compareBodies(evidence);
  const differences = body ? [body] : compareSides(sides, warnings);
  const told = differences.map((one) => disagreement(one, trunk, dialect));
  const strong = told.filter((_, at) => !differences[at]?.weak);
  const reasons = strong.length > 0 ? strong : told;
  const lines = [...new Set(reasons.flatMap(({ configuration }) => configuration ?? []))];
  const mirrored = evidence.some(({ source }) => source === 'hep');
  return {
    trunk,
    number,
    refusedWith: refusedWith(evidence),
    ...listsOf(sides),
    ...fieldsOf(sides),
    privateAddresses: privateAddresses(sides.description),
    warnings: warnings.map(warningText),
    cause: told[0]?.cause ?? 'not-said',
    why: reasons.map(({ why }) => why).join('; '),
    ...(lines.length > 0 && { configuration: lines.join('; ') }),
    differences: told,
    ...(!mirrored && {
      missing: `without mirrored SIP the other side's codecs and Warnings are not seen: ${dialect.mirror()}`,
    }),
  };
}

/** The remedies in the PBX's words. Where it cannot make them, the change to make instead, or why not. */
function disagreement(
  { cause, why, remedies, instead }: MediaDifference,
  trunk: string,
  dialect: ConfigurationDialect,
): MediaDisagreement {
  const advised = remedies.map((remedy) => dialect.advise(trunk, remedy));
  const refusals = advised.flatMap((advice) => ('cannot' in advice ? [advice.cannot] : []));
  const lines = advised.flatMap((advice) => ('line' in advice ? [advice.line] : []));
  const other = refusals.length > 0 && instead ? dialect.advise(trunk, instead) : undefined;
  const otherLine = other && 'line' in other ? [`without that codec: ${other.line}`] : [];
  const all = [...new Set([...lines, ...refusals, ...otherLine])];
  return { cause, why, ...(all.length > 0 && { configuration: all.join('; ') }) };
}

function listsOf({
  offered,
  accepts,
}: Sides): Pick<CodecMismatch, 'offered' | 'accepts' | 'acceptsFrom' | 'common'> {
  const common = offered && accepts && intersection(offered, accepts.codecs);
  return {
    ...(offered && { offered: offered.map(codecText) }),
    ...(accepts && { accepts: accepts.codecs.map(codecText), acceptsFrom: accepts.from }),
    ...(common && { common: common.map(codecText) }),
  };
}

/** Differences of the audio streams, and refused streams, as values for machines. */
function fieldsOf({
  description,
  refusal,
  offer,
  accepted,
}: Sides): Pick<CodecMismatch, 'profile' | 'ptime' | 'telephoneEvent' | 'mediaTypes'> {
  const refused = description && refusal ? streamDifferences(description, refusal).refused : [];
  const mediaTypes = [...new Set(refused.map(({ type }) => type))];
  const types = mediaTypes.length > 0 ? { mediaTypes } : {};
  if (!offer || !accepted) return types;
  const ptime = packetTimes(offer, accepted);
  const [ours, theirs] = [offer, accepted].map((stream) => stream.telephoneEvent.length > 0);
  return {
    ...(!isSameProfile(offer, accepted) && {
      profile: { offered: offer.profile, accepted: accepted.profile },
    }),
    ...(ptime && { ptime }),
    ...(ours !== theirs && {
      telephoneEvent: { offered: ours === true, accepted: theirs === true },
    }),
    ...types,
  };
}

/** `305 carrier.example "Incompatible media format"`. */
export function warningText({ code, agent, text }: Warning): string {
  return agent === '' ? `${code} "${text}"` : `${code} ${agent} "${text}"`;
}

function refusedWith(evidence: readonly Evidence[]): string {
  const sip = evidence.find((source) => source.sip !== undefined)?.sip;
  return sip === undefined ? 'no status' : `${sip} ${phraseIn(evidence)}`.trim();
}
