import type { Reservation } from '../trunk-port';
import type { Codec } from '../../model/media';
import type { DialplanLocation, LogLevel, Position } from '../policy-data';

/** What happens next to a call, and why. */
export interface Decision {
  readonly outcome: Outcome;
  /** The rule behind it; absent when no rule was asked (emergency, invalid number, no route). */
  readonly rule?: Position;
  /** One sentence for the operator. */
  readonly why: string;
  /** Why treatments were not possible, in the order tried. */
  readonly refused: readonly Refusal[];
  /** What the outcome consumes; committed before the outcome is carried out. */
  readonly reserve?: Reservation;
  readonly log?: LogLevel;
  /** Name of the alert to raise. */
  readonly alert?: string;
  /** Trunk to hold, and for how long in milliseconds. */
  readonly hold?: { readonly trunk: string; readonly ms: number };
}

/** One attempt on one trunk. Number and caller are for this attempt only. */
export interface Leg {
  readonly trunk: string;
  /** In the trunk's format. */
  readonly number: string;
  /** Caller to present; absent: as the call has it. */
  readonly callerId?: string;
}

export type Outcome =
  Dial | Redirect | Voicemail | Announce | ({ readonly kind: 'relay' } & FinalStatus);

export interface Dial extends Leg {
  readonly kind: 'dial';
  /** Pause before the attempt, kept by the PBX. Milliseconds. */
  readonly delayMs?: number;
  /** Codecs to offer, in order; absent: as the trunk is configured. */
  readonly codecs?: readonly Codec[];
  /** The codecs are a reoffer; `learn`: remember them once accepted. */
  readonly reoffer?: { readonly learn: boolean };
}

/** Dial a Contact of a 3xx. */
export interface Redirect extends Leg {
  readonly kind: 'redirect';
  /** The new number as the far side gave it, checked: `hunt.target` from now on. */
  readonly target: string;
  /** `hunt.hops` from now on. */
  readonly hops: number;
}

/** Exactly one of mailbox and location. */
export interface Voicemail {
  readonly kind: 'voicemail';
  readonly greeting: 'busy' | 'unavailable';
  /** `1001@default`; the PBX checks that it exists before anything answers. */
  readonly mailbox?: string;
  readonly location?: DialplanLocation;
}

/** Play a recording, then end the call with the status. */
export interface Announce extends FinalStatus {
  readonly kind: 'announce';
  readonly play: string;
  /** Whether to answer the call; otherwise the recording is early media. */
  readonly answer: boolean;
}

export interface FinalStatus {
  /** The caller's final SIP status, 400–699. */
  readonly sip: number;
  /** Its reason phrase; absent: the standard one. */
  readonly phrase?: string;
  /** Milliseconds; sent as Retry-After in whole seconds (RFC 3261 20.33). */
  readonly retryAfter?: number;
}

/** Reasons to refuse a treatment, each with its explanation. */
export const REFUSALS = {
  'caller-gone': 'the caller has hung up',
  'callee-has-rung': 'somebody has heard it ring',
  'early-media': 'the caller has listened to early media for longer than progress_grace',
  'attempts-spent': 'limits.attempts is reached',
  'times-spent': 'the rule allows no more retries on this trunk',
  'already-re-offered': 'this call has made the one re-offer that a trunk gets',
  'peer-did-not-say': 'the refusal does not say which codecs the far side takes',
  'codec-not-available': 'this PBX has none of the codecs wanted, or cannot say so',
  'same-offer': 'it would be the offer that was just refused',
  'time-spent': 'limits.start_within is over',
  'budget-spent': 'the retry budget is used up',
  'no-trunk-left': 'every trunk of the route was tried',
  'trunks-held': 'every trunk that is left is held',
  'trunks-full': 'every trunk that is left is held or at its limit',
  'number-unfit': 'no trunk that is left can take the number in its format',
  'no-other-identity': 'no trunk that is left presents another caller',
  '6xx-elsewhere': 'a 6xx goes to another trunk only by a rule of the trunk that sent it',
  'no-mailbox': 'neither dialplan nor route names a mailbox',
  'mailbox-missing': 'the PBX has no such mailbox',
  'not-redirected': 'no 3xx, or none that says where to',
  'redirect-forbidden': 'the new target is not one that the rule allows',
  'redirects-spent': 'the hunt has followed as many redirections as the rule allows',
} as const;

export type Refusal = keyof typeof REFUSALS;
