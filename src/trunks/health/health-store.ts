import type { Named } from '../../findings/named';
import type { FailureClass } from '../../model/classes';
import type { LegTimes } from '../../model/leg-times';
import type { BreakerState, Held, Hold, Phase } from './breaker/state';
import type { AttemptFailure, AttemptOutcome, Side } from './attempt-outcome';
import type { PingResult } from './ping-verdict';
import type { HealthSettings } from '../../policy/health-settings';
import type { QualitySeen } from './quality/quality';
import type { Counts } from './attempt-window';

/** The end of one attempt on one trunk, or its answer, whichever comes first. */
export interface AttemptReport {
  readonly trunk: string;
  /** Names the hunt; settles the permit taken under this name. */
  readonly hunt: string;
  /** As dialled. Only its mark is kept. */
  readonly number: string;
  readonly outcome: AttemptOutcome;
}

/** An attempt whose caller hung up. */
export interface LeftAttempt extends Pick<AttemptReport, 'trunk' | 'number'> {
  readonly failure: AttemptFailure;
}

/** One OPTIONS that a PBX itself has sent. */
export interface PingReport extends PingResult {
  readonly trunk: string;
}

/** A hold for a trunk, as requested. */
export interface HoldRequest {
  readonly by: 'rule' | 'operator';
  /** Class of the failure that the rule matched; a hold for `no-credit` is absolute. */
  readonly class?: FailureClass;
  /** Milliseconds; absent: until it is cleared. */
  readonly for?: number;
  /** One sentence for the operator. */
  readonly why: string;
}

/** Health of a trunk, for decisions and operators. */
export interface TrunkHealth {
  readonly trunk: string;
  readonly phase: Phase;
  /**
   * `open`: any call may try the trunk. `probe`: a call with a permit may. `held`: only emergency calls and
   * a last resort may (see lastResort).
   */
  readonly access: 'open' | 'probe' | 'held';
  /** Why the trunk is not open; after the hold has ended, why it was held. */
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
  /** Start of this phase; Unix time in milliseconds; absent: since the start of the service. */
  readonly since?: number;
  /** Recent counts of this instance. */
  readonly counts: Readonly<Record<Side, Counts>>;
  /** What the policy bounds, as this instance has measured it; empty where it bounds nothing. */
  readonly quality: readonly QualitySeen[];
}

/** A change of phase, for logs and metrics. */
export interface HealthChange {
  readonly trunk: string;
  readonly side: Side;
  readonly from: Phase;
  readonly to: BreakerState;
  /** Whether another instance made the change. */
  readonly learnt: boolean;
}

/**
 * Health of all trunks of a policy. Everything but `start` and `stop` is answered at once from this
 * process's memory; a store that shares its state with other instances does so in the background.
 */
export interface HealthStore {
  /** Counts an attempt; ignores trunks that the policy does not know. */
  report(report: AttemptReport): void;
  /** Counts an attempt whose caller hung up: of its trunk's faults it says nothing, of ASR and NER it does. */
  left(attempt: LeftAttempt): void;
  /** Counts the post-dial delay of an attempt whose setup is over, or how long a call lasted that has ended. */
  timed(trunk: string, times: LegTimes): void;
  /** Counts an OPTIONS if the policy says that OPTIONS count. */
  pinged(report: PingReport): void;
  /** What kept this PBX from sending is over: local failures hold no trunk any more. */
  sendsAgain(): void;
  /** A trunk that the policy does not know is `open`. */
  read(trunk: string): TrunkHealth;
  /**
   * Takes a permit for a call on a trunk whose access is `probe`; also true if no permit is needed.
   * @returns false if another call was quicker: decide again
   */
  reserve(trunk: string, hunt: string): boolean;
  /** The hunt's attempt will not be reported: its caller is gone, or it never started. */
  abandon(hunt: string): void;
  /** Holds a trunk; false if the policy does not know it. */
  hold(trunk: string, request: HoldRequest): boolean;
  /** Closes a trunk's breaker and forgets its trips; false if the policy does not know the trunk. */
  clear(trunk: string): boolean;
  /** Sets the trunks of a changed policy; keeps what is known of a trunk that stays. */
  configure(trunks: ReadonlyMap<string, HealthSettings>): void;
  /** All trunks in the policy's order. */
  list(): readonly TrunkReport[];
  /** The same, each as it is when it is asked for: 10,000 of them at once would keep calls waiting. */
  reports(): Iterable<TrunkReport>;
  /** One of them; undefined for a trunk that the policy does not know. */
  reportOf(trunk: string): TrunkReport | undefined;
  /** Holds by operators that are in force, also those that another instance was told. */
  operatorHolds(): readonly TrunkHold[];
  /** Brings one back, unless something later is known; false where the policy does not know the trunk. */
  restore(hold: TrunkHold): boolean;
  /** What an operator should mend although calls are decided, one sentence each. */
  warnings(): readonly Named[];
  /** Starts sharing; resolves at once, whatever the state of the other instances. */
  start(): void;
  /** Ends all background work. */
  stop(): Promise<void>;
}
