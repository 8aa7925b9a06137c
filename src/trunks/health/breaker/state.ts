import type { FailureClass } from '../../../model/classes';

/** Why a trunk is held. */
export type HoldCause =
  /** Too many faults, in a row or by ratio. */
  | 'faults'
  /** A probe call failed. */
  | 'probe-failed'
  /** Every number gets a 403. */
  | 'auth-failed'
  /** Too few calls answered or delivered, rung too late, or ended too soon. */
  | 'quality'
  /** The PBX's own OPTIONS got no good answer. */
  | 'ping'
  | 'retry-after'
  | 'rule'
  | 'operator';

/** A trunk held from calls. All times by the local clock, Unix time in milliseconds. */
export interface Hold {
  /** Unique over all instances. */
  readonly id: string;
  readonly cause: HoldCause;
  /** Class of the failure behind the hold; absent for an operator's. */
  readonly class?: FailureClass;
  /** Not taken even as the last resort. */
  readonly absolute: boolean;
  /** One sentence for the operator. */
  readonly why: string;
  readonly since: number;
  /** Absent: until it is cleared. */
  readonly until?: number;
}

interface Common {
  /**
   * Counts how often the trunk was closed again or an operator's hold replaced. The higher generation wins
   * over what another instance still believes.
   */
  readonly generation: number;
  /** Trips in a row; the length of the next cooldown depends on them. */
  readonly trips: number;
}

export interface Closed extends Common {
  readonly phase: 'closed';
  /** Unix time in milliseconds; undefined if nothing has ever happened. */
  readonly since?: number;
}

export interface Held extends Common {
  readonly phase: 'held';
  readonly hold: Hold;
}

export interface HalfOpen extends Common {
  readonly phase: 'half-open';
  /** The hold that has ended. */
  readonly hold: Hold;
}

/** State of a trunk: closed, held, or half-open (a few live calls try it). */
export type BreakerState = Closed | Held | HalfOpen;

export type Phase = BreakerState['phase'];

export const NEVER_TRIPPED: Closed = { phase: 'closed', generation: 0, trips: 0 };

/** No generation is higher: at the last one the later of two states wins. Counting alone never gets there. */
export const LAST_GENERATION = 2 ** 40;

/** More trips in a row than these are not told apart: every cooldown has reached its maximum. */
export const MOST_TRIPS = 1000;
