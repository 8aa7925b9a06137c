import type { Evidence } from '../model/failure';
import type { Codec } from '../model/media';
import { codecKey, distinct, intersection } from './registry';
import { sidesOf } from './sides';

/** What `retry: same-trunk` says of codecs: what the far side takes, or a list in order of preference. */
export type WantedCodecs = 'accepted-by-peer' | readonly Codec[];

export interface ReofferQuestion {
  readonly wanted: WantedCodecs;
  /** All evidence of the refused attempt. */
  readonly evidence: readonly Evidence[];
  /** Codecs that the PBX can speak. */
  readonly available: readonly Codec[];
  /** Re-offers made in this hunt to this trunk so far. */
  readonly made: number;
}

/** Why no second offer is made. */
export type NoReoffer =
  /** The one that is allowed has been made. */
  | 'already-re-offered'
  /** Neither the refusal's body nor its Warnings name codecs. */
  | 'peer-did-not-say'
  /** The PBX has none of the codecs wanted. */
  | 'codec-not-available'
  /** It would be the offer that was just refused. */
  | 'same-offer';

export type Reoffer = { readonly codecs: readonly Codec[] } | { readonly none: NoReoffer };

/** The one second offer after a refusal, or why there is none. Pure; at most one per trunk and hunt. */
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
