import type { FailureClass } from '../../model/classes';
import type { BreakerState, Held, Hold, Phase } from './breaker/state';
import type { AttemptOutcome, Side } from './attempt-outcome';
import type { PingResult } from './ping-verdict';
import type { HealthSettings } from '../../policy/health-settings';
import type { Counts } from './attempt-window';

/** The end of one attempt on one trunk, or its answer, whichever comes first. */
export interface AttemptReport {
  readonly trunk: string;
  /** Names the hunt; a permit taken under this name is settled. */
  readonly hunt: string;
  /** As dialled. Only a mark of it is kept. */
  readonly number: string;
  readonly outcome: AttemptOutcome;
}

/** One OPTIONS that a PBX has sent of its own accord. */
export interface PingReport extends PingResult {
  readonly trunk: string;
}

/** A hold that is asked for. */
export interface HoldRequest {
  readonly by: 'rule' | 'operator';
  /** Class of the failure that the rule matched: holds for `no-credit` are absolute. */
  readonly class?: FailureClass;
  /** Milliseconds; absent: until it is cleared. */
  readonly for?: number;
  /** One sentence for the operator. */
  readonly why: string;
}

/** What a decision needs to know of a trunk, and an operator wants to. */
export interface TrunkHealth {
  readonly trunk: string;
  readonly phase: Phase;
  /**
   * `open`: any call may try it. `probe`: a call may that has reserved a permit. `held`: none may,
   * except as the last resort (see lastResort) and emergency calls.
   */
  readonly access: 'open' | 'probe' | 'held';
  /** Why it is not open; after the hold is over: why it was held. */
  readonly hold?: Hold & { readonly side: Side };
  /** Trips in a row; the length of the next cooldown depends on them. */
  readonly trips: number;
}

/** A hold that is to survive this process. */
export interface TrunkHold {
  readonly trunk: string;
  readonly state: Held;
}

/** A trunk for `crankback trunks`. */
export interface TrunkReport extends TrunkHealth {
  /** Since when it is in this phase; Unix time in milliseconds; absent: since the start. */
  readonly since?: number;
  /** Of this instance, lately. */
  readonly counts: Readonly<Record<Side, Counts>>;
}

/** A change of phase, for logs and metrics. */
export interface HealthChange {
  readonly trunk: string;
  readonly side: Side;
  readonly from: Phase;
  readonly to: BreakerState;
  /** Another instance made it. */
  readonly learnt: boolean;
}

/**
 * Health of all trunks of a policy. Everything but `start` and `stop` is answered at once out of
 * this process's memory; a store that shares its state with others does so in the background.
 */
export interface HealthStore {
  /** Counts an attempt. Trunks that the policy does not know are ignored. */
  report(report: AttemptReport): void;
  /** Counts an OPTIONS, where the policy says that they count. */
  pinged(report: PingReport): void;
  /** A trunk that the policy does not know is `open`. */
  read(trunk: string): TrunkHealth;
  /**
   * Takes a permit for a call on a trunk whose access is `probe`; true also where none is needed.
   * False where another call was quicker: decide again.
   */
  reserve(trunk: string, hunt: string): boolean;
  /** The hunt's attempt will not be reported: its caller is gone, or it never started. */
  abandon(hunt: string): void;
  /** Takes a trunk out of the way; false where the policy does not know it. */
  hold(trunk: string, request: HoldRequest): boolean;
  /** Puts a trunk back into use, forgets its trips; false where the policy does not know it. */
  clear(trunk: string): boolean;
  /** The trunks of a changed policy; what is known of a trunk that stays is kept. */
  configure(trunks: ReadonlyMap<string, HealthSettings>): void;
  /** All trunks in the policy's order. */
  list(): readonly TrunkReport[];
  /** Holds by operators that are in force, also those that another instance was told. */
  operatorHolds(): readonly TrunkHold[];
  /** Brings one back, unless something later is known; false where the policy does not know the trunk. */
  restore(hold: TrunkHold): boolean;
  /** What an operator should mend although calls are decided, one sentence each. */
  warnings(): readonly string[];
  /** Starts sharing; resolves at once, whatever the others' state. */
  start(): void;
  /** Ends all background work. */
  stop(): Promise<void>;
}
