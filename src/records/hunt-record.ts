import type { FailureClass } from '../model/classes';
import type { Redress, SubAttempt } from '../model/failure';
import type { Decision } from '../policy/decision/decision';
import type { DecisionInputs } from '../policy/decision/inputs';
import type { PassedOver } from '../policy/decision/passed-over';

/** One hunt for the operator; later explanations are made from this. */
export interface HuntRecord {
  readonly id: string;
  readonly pbx: string;
  readonly leg: string;
  readonly number: string;
  /** Unix time in milliseconds. */
  readonly startedAt: number;
  readonly policyHash: string;
  readonly attempts: AttemptRecord[];
  readonly decisions: DecisionRecord[];
  /** The trunk that answered, and its earlier INVITEs that were not answered. */
  answered?: { readonly trunk: string; readonly earlier?: readonly SubAttempt[] };
  /** When the PBX sent the call its static way. Unix time in milliseconds. */
  fellBackAt?: number;
  /** The caller hung up or the call ended; Unix time in milliseconds. */
  endedAt?: number;
  /**
   * How much was not kept whole, by what it was: `cut` texts and lists, `inputs` of decisions, whole attempts and
   * decisions (`entry`). Absent where all was.
   */
  leftOut?: Readonly<Partial<Record<'cut' | 'inputs' | 'entry', number>>>;
}

export interface AttemptRecord extends Redress {
  readonly trunk: string;
  readonly sip?: number;
  readonly phrase?: string;
  /** The cause that decided, otherwise the first one that was sent. */
  readonly q850?: number;
  /** RFC 8606, of that cause. */
  readonly location?: string;
  /** Every Reason value that came, `Q.850;cause=17;location=LN`, those of a provisional response after `183: `. */
  readonly reasons?: readonly string[];
  /** Of an attempt that rang several phones: what the others said, `503 Service Unavailable (trunk-congested)`. */
  readonly otherLegs?: readonly string[];
  readonly class: FailureClass;
  /** Whose list of phrases and statuses gave the class, see `Statement`; absent where none did. */
  readonly list?: string;
  /** Phrase and Reason values that nothing classifies, as sent; absent where there are none. */
  readonly unclassified?: readonly string[];
  readonly rang: boolean;
  /** Known only from the call's own state: crankback was restarted since. */
  readonly recovered?: boolean;
  /** Answered after it had been given up. */
  lateAnswer?: boolean;
}

export interface DecisionRecord extends Decision {
  /** Trunks skipped on the way to the outcome, and why; absent if there were none. */
  readonly passedOver?: readonly PassedOver[];
  /** Unix time in milliseconds. */
  readonly at: number;
  readonly class?: FailureClass;
  /** Made before the attempt; the PBX carried it out without asking. */
  readonly planned?: true;
  /** The status could not be sent as it is: leg A was answered, or is not SIP. */
  readonly degraded?: 'relay-degraded';
  /** The decision's inputs, for `explain`; absent if no policy was asked. Never shown. */
  readonly inputs?: DecisionInputs;
  /** The PBX refused the answer, or could not carry it out; the call took the static fallback. */
  failed?: string;
}
