import type { Evidence } from '../model/failure';
import type { Codec } from '../model/media';
import { codecKey, distinct, intersection } from './registry';
import { sidesOf } from './sides';

/** Codecs wanted by `retry: same-trunk`: those that the far side accepts, or a list in order of preference. */
export type WantedCodecs = 'accepted-by-peer' | readonly Codec[];

export interface ReofferQuestion {
  readonly wanted: WantedCodecs;
  /** All evidence of the refused attempt. */
  readonly evidence: readonly Evidence[];
  /** Codecs that the PBX can speak. */
  readonly available: readonly Codec[];
  /** Number of reoffers made to this trunk in this hunt. */
  readonly made: number;
}

/** Why no reoffer is made. */
export type NoReoffer =
  /** The only allowed reoffer has been made. */
  | 'already-re-offered'
  /** Neither the refusal's body nor its Warnings name codecs. */
  | 'peer-did-not-say'
  /** The PBX has none of the wanted codecs. */
  | 'codec-not-available'
  /** The reoffer would repeat the refused offer. */
  | 'same-offer';

export type Reoffer = { readonly codecs: readonly Codec[] } | { readonly none: NoReoffer };

/** The one reoffer after a refusal, or why there is none. Pure; at most one per trunk and hunt. */
export function chooseReoffer(question: ReofferQuestion): Reoffer {
  const { wanted, evidence, available, made } = question;
  if (made > 0) return { none: 'already-re-offered' };
  const sides = sidesOf(evidence);
  const codecs = wanted === 'accepted-by-peer' ? sides.accepts?.codecs : wanted;
  if (!codecs) return { none: 'peer-did-not-say' };
  const possible = intersection(distinct(codecs), available);
  if (possible.length === 0) return { none: 'codec-not-available' };
  if (sides.offered && sameOrder(sides.offered, possible)) return { none: 'same-offer' };
  return { codecs: possible };
}

function sameOrder(one: readonly Codec[], other: readonly Codec[]): boolean {
  return one.map(codecKey).join() === other.map(codecKey).join();
}
