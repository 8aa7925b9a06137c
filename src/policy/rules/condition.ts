import type { FailureClass } from '../../model/classes';
import type { Fault } from '../../model/classes';

/**
 * A rule's `when`. Every field given must match; within one field, any value may match. A missing value (no
 * status came, no caller known) matches nothing.
 */
export interface Condition {
  readonly class?: readonly FailureClass[];
  readonly fault?: readonly Fault[];
  readonly sip?: readonly StatusRange[];
  /** Patterns for the whole reason phrase; see `matchesPhrase`. */
  readonly phrase?: readonly string[];
  /** A line of the response's head. */
  readonly header?: HeaderAsked;
  /** Q.850 causes, 1–127. */
  readonly q850?: readonly number[];
  /** Locations of the Q.850 cause as RFC 8606 writes them, `LN`. */
  readonly location?: readonly string[];
  readonly rang?: boolean;
  readonly progress?: boolean;
  readonly earlyMedia?: boolean;
  /** Which attempt of the hunt failed, the first is 1. */
  readonly attempt?: readonly number[];
  /** Trunks that the hunt may still try, 0 and up; see `attemptsLeft`. */
  readonly attemptsLeft?: readonly number[];
  /** Trunk of the failed attempt. */
  readonly trunk?: readonly string[];
  /** Patterns for the dialled number, see `matchesDigits`. */
  readonly digits?: readonly string[];
  /** Patterns for the caller's number. */
  readonly from?: readonly string[];
  /** Countries of the caller's number, ISO 3166-1 alpha-2. */
  readonly callerCountry?: readonly string[];
  /** Countries of the dialled number, ISO 3166-1 alpha-2. */
  readonly calleeCountry?: readonly string[];
  /** PBX contexts that the call may come from. */
  readonly context?: readonly string[];
  /** Whether this PBX could not even send the call out. */
  readonly local?: boolean;
  /** The failure came no later than this after its INVITE. Milliseconds. */
  readonly within?: number;
  /** How long ago the hunt began. */
  readonly elapsed?: ElapsedBound;
  readonly time?: readonly TimeWindow[];
}

/** A header that the response must have. */
export interface HeaderAsked {
  /** In lower case. */
  readonly name: string;
  /** Patterns for the whole of one line's value, see `matchesPhrase`; absent: any value. */
  readonly value?: readonly string[];
}

/** `>8s` or `<8s`; neither includes the bound. */
export interface ElapsedBound {
  readonly than: 'more' | 'less';
  readonly ms: number;
}

/** Inclusive range: `503` is 503–503, `5xx` is 500–599. */
export interface StatusRange {
  readonly from: number;
  readonly to: number;
}

/** `Mo-Fr 22:00-06:00`; a window over midnight belongs to the day on which it begins. */
export interface TimeWindow {
  /** Monday is 0. */
  readonly days: readonly number[];
  /** Minute of the day, inclusive. */
  readonly from: number;
  /** Minute of the day, exclusive; not above `from` for a window over midnight. */
  readonly to: number;
}
