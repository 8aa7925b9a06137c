import type { Verdict } from '../observe/observed-call';
import type { LegTimes } from '../model/leg-times';

/**
 * What tracing is told of a call, as plain data that goes to its thread. Texts are bounded, and as received: what makes
 * spans of them masks and escapes them. Times are Unix time in milliseconds.
 */
export type TraceNote =
  | BegunNote
  | RecoveredNote
  | FailedNote
  | AnsweredNote
  | TimedNote
  | LateNote
  | DecidedNote
  | TakenNote
  | NotTakenNote
  | FellBackNote
  | EndedNote;

interface OfCall {
  readonly at: number;
  readonly pbx: string;
  readonly hunt: string;
}

export interface BegunNote extends OfCall {
  readonly kind: 'begun';
  readonly leg: string;
  /** SIP Call-ID of leg A. */
  readonly callId?: string;
  readonly number: string;
  /** By the PBX's clock. */
  readonly startedAt: number;
  readonly policyHash: string;
  readonly route?: string;
}

interface OfTrunk extends OfCall {
  readonly trunk: string;
  /** The policy in force has it: a dialplan may report any name. */
  readonly known: boolean;
}

/** An attempt that an earlier process made. */
export interface RecoveredNote extends OfTrunk {
  readonly kind: 'recovered';
  readonly sip?: number;
  readonly rang: boolean;
}

export interface FailedNote extends OfTrunk {
  readonly kind: 'failed';
  /** More is known of an attempt that has failed. */
  readonly completes: boolean;
  readonly class: string;
  readonly fault: string;
  readonly sip?: number;
  readonly phrase?: string;
  readonly q850?: number;
  readonly rang: boolean;
  readonly reasons?: readonly string[];
}

export interface AnsweredNote extends OfTrunk {
  readonly kind: 'answered';
  readonly retry: boolean;
}

export interface TimedNote extends OfTrunk {
  readonly kind: 'timed';
  readonly times: LegTimes;
}

export interface LateNote extends OfTrunk {
  readonly kind: 'late';
}

export interface DecidedNote extends OfCall {
  readonly kind: 'decided';
  /** `route`, `failed`, `invalid-number`. */
  readonly on: string;
  /** `dial`, `relay` … */
  readonly outcome: string;
  /** The trunk that is dialled. */
  readonly trunk?: string;
  readonly known: boolean;
  /** The final status for the caller. */
  readonly sip?: number;
  /** `policy.yaml:14` */
  readonly rule?: string;
  readonly why: string;
  /** Of the failure that was decided on. */
  readonly class?: string;
  /** `carrier-a (held until 12:00 by policy.yaml:14)` */
  readonly passedOver: readonly string[];
  readonly planned: boolean;
  readonly from?: string;
}

/** The PBX has taken the answer to its latest handover. */
export interface TakenNote extends OfCall {
  readonly kind: 'taken';
  /** Since the handover. Milliseconds. */
  readonly ms: number;
}

export interface NotTakenNote extends OfCall {
  readonly kind: 'not-taken';
  readonly decidedAt: number;
  readonly why: string;
}

export interface FellBackNote extends OfCall {
  readonly kind: 'fell-back';
  /** The place in the PBX's dialplan. */
  readonly place: string;
}

export interface EndedNote extends OfCall {
  readonly kind: 'ended';
}

/** The whole of a call that was only observed: it is told of once, when it is over. */
export interface ObservedNote {
  readonly kind: 'observed';
  readonly at: number;
  readonly pbx: string;
  readonly call: string;
  readonly leg: string;
  /** SIP Call-ID of leg A. */
  readonly callId?: string;
  readonly number: string;
  readonly from?: string;
  /** When its first attempt began. */
  readonly startedAt: number;
  readonly answered: boolean;
  readonly policyHash: string;
  readonly verdict: Verdict;
  /** Place of the step that the verdict is about; 1 for the first. */
  readonly step: number;
  /** How much longer than by the policy the caller waited. Milliseconds. */
  readonly waitedMs?: number;
  readonly steps: readonly ObservedStepNote[];
}

/** A failed attempt of such a call. */
export interface ObservedStepNote {
  readonly failed: FailedNote;
  /** From dialling to the end. */
  readonly ms: number;
  /** What the dialplan did then: `dialled`, `answered-here`, `ended`. */
  readonly did: string;
  /** Where it was dialled then. Of trunks that were dialled at once the first: another one may have answered. */
  readonly didTrunk?: string;
  readonly would?: WouldNote;
}

/** What the policy would have done. */
export interface WouldNote {
  /** `dial`, `relay` … */
  readonly outcome: string;
  readonly trunk?: string;
  /** The final status for the caller. */
  readonly sip?: number;
  /** `policy.yaml:14` */
  readonly rule?: string;
  readonly why: string;
}
