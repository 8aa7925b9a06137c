import type { MismatchCause } from './mismatch-cause';
import type { ConfigurationDialect } from './dialect';
import type { Evidence, Warning } from '../model/failure';
import { explainMismatch } from './mismatch-text';
import { codecText, intersection } from './registry';
import {
  differences,
  mediaTypesLeftOut,
  privateAddresses,
  sidesOf,
  warningsIn,
  type Difference,
  type KnownSides,
} from './sides';

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
  /** Source of `accepts`: SDP in the refusal, or a Warning's text. */
  readonly acceptsFrom?: 'body' | 'warning';
  /** The part of our offer that the far side accepts; absent if either is unknown. */
  readonly common?: readonly string[];
  readonly profile?: Difference<string>;
  /** Milliseconds. */
  readonly ptime?: Difference<number>;
  /** Whether each side has telephone-event. */
  readonly telephoneEvent?: Difference<boolean>;
  /** Kinds of stream that we offered and the far side left out. */
  readonly mediaTypes?: readonly string[];
  /** Addresses in our offer that cannot be reached from outside. */
  readonly privateAddresses: readonly string[];
  /** `305 carrier.example "Incompatible media format"`. */
  readonly warnings: readonly string[];
  readonly cause: MismatchCause;
  /** The probable cause in one sentence. */
  readonly why: string;
  /** The line to change and where it is; absent if no line of the PBX would help. */
  readonly configuration?: string;
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
  const { offer, offered, accepted, accepts } = sides;
  const common = offered && accepts && intersection(offered, accepts.codecs);
  const warnings = warningsIn(evidence);
  const known = {
    ...(offered && { offered }),
    ...(accepts && { accepts: accepts.codecs }),
    ...(common && { common }),
    ...differences(offer, accepted),
    privateAddresses: privateAddresses(sides.description),
    mediaTypes: mediaTypesLeftOut(sides),
    onlyAudio: sides.description?.streams.every(({ type }) => type === 'audio') ?? false,
  };
  const cause = causeOf(known, evidence, warnings);
  const mirrored = evidence.some(({ source }) => source === 'hep');
  return {
    trunk,
    number,
    refusedWith: refusedWith(evidence),
    ...(offered && { offered: offered.map(codecText) }),
    ...(accepts && { accepts: accepts.codecs.map(codecText), acceptsFrom: accepts.from }),
    ...(common && { common: common.map(codecText) }),
    ...(known.profile && { profile: known.profile }),
    ...(known.ptime && { ptime: known.ptime }),
    ...(known.telephoneEvent && { telephoneEvent: known.telephoneEvent }),
    ...(known.mediaTypes.length > 0 && { mediaTypes: known.mediaTypes }),
    privateAddresses: known.privateAddresses,
    warnings: warnings.map(warningText),
    cause,
    ...explainMismatch({ ...known, cause, trunk, accepted }, dialect),
    ...(!mirrored && {
      missing: `without mirrored SIP the other side's codecs and Warnings are not seen: ${dialect.mirror()}`,
    }),
  };
}

/** The first cause that applies explains the refusal. */
function causeOf(
  known: KnownSides,
  evidence: readonly Evidence[],
  warnings: readonly Warning[],
): MismatchCause {
  const says = (code: number): boolean => warnings.some((warning) => warning.code === code);
  const { accepts, common = [], telephoneEvent } = known;
  if (phraseOf(evidence).toLowerCase().includes('private ip') || says(301))
    return 'private-address';
  if (known.profile || says(302)) return 'profile';
  if (!accepts) return says(304) && !known.onlyAudio ? 'media-type' : 'not-said';
  if (common.length === 0) return 'no-common-codec';
  if (known.mediaTypes.length > 0) return 'media-type';
  if (known.ptime) return 'ptime';
  // The reverse is no reason: a side without DTMF leaves it out of its answer.
  if (telephoneEvent?.accepted) return 'telephone-event';
  return 'offer-too-wide';
}

function warningText({ code, agent, text }: Warning): string {
  return agent === '' ? `${code} "${text}"` : `${code} ${agent} "${text}"`;
}

function phraseOf(evidence: readonly Evidence[]): string {
  return evidence.find(({ phrase }) => phrase !== undefined)?.phrase ?? '';
}

function refusedWith(evidence: readonly Evidence[]): string {
  const sip = evidence.find((source) => source.sip !== undefined)?.sip;
  return sip === undefined ? 'no status' : `${sip} ${phraseOf(evidence)}`.trim();
}
