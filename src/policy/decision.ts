import type { LogLevel, Position } from './policy';

/** What happens next to a call, and why. */
export interface Decision {
  readonly outcome: Outcome;
  /** The rule behind it; absent when no rule was asked (first attempt, emergency, invalid number). */
  readonly rule?: Position;
  /** One sentence for the operator. */
  readonly why: string;
  /** Why the rule's own treatment was not possible, in the order tried. */
  readonly refused: readonly Refusal[];
  readonly log?: LogLevel;
}

export type Outcome =
  | { readonly kind: 'dial'; readonly trunk: string }
  | {
      readonly kind: 'voicemail';
      readonly mailbox: string;
      readonly greeting: 'busy' | 'unavailable';
    }
  /** The caller's final SIP status, 400–699. */
  | { readonly kind: 'relay'; readonly sip: number };

/** Why a treatment was refused. */
export type Refusal =
  | 'no-trunk-left'
  | 'attempts-spent'
  | 'time-spent'
  | 'callee-has-rung'
  | 'early-media'
  | 'no-mailbox'
  | 'mailbox-missing';
